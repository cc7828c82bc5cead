/* The page of one form: its groups and questions, what is wrong with them, and its end. */
import { create, Refused, resume } from "./filling.js";
import { drawField, messageOf } from "./fields.js";
import { handOver } from "./handing.js";
import * as kept from "./kept.js";
import { announce, el, icon, language, moment, plain, t } from "./page.js";
import { Scope, stateFactory, untracked } from "./reactive.js";
import { drawSections } from "./sections.js";
import { everyNode, give, nameOf, takesText } from "./values.js";

/** More would be a page of its own; each says itself what is wrong where it stands. */
const LISTED = 12;
/** Milliseconds in which another page lets a draft go, if it does. */
const LET_GO = 1_500;

/** Draw the form of that draft into `place`. `leave(sent)` is called when she is done with it. Where `wanted()` is false
    once the form is read, nothing is drawn; `left` ends when she goes elsewhere before that.
    Returns what closes it. Whatever goes wrong is said on the page, and the draft stays. */
export async function openForm(place, { form, draft, family, leave, wanted, left, opened }) {
  place.replaceChildren(el("p", { class: "lead", role: "status" }, t("membuka")));
  let release = () => {};
  try {
    if (draft) release = await hold(draft.id);
    left.then(() => wanted() || release());
    const filling = draft ? await resume(draft) : await create(form);
    if (!draft) release = await hold(filling.id);
    if (!wanted()) {
      release();
      return () => {};
    }
    filling.opened = opened;
    const close = draw(place, filling, { family, leave });
    return () => close().finally(release);
  } catch (error) {
    release();
    if (!(error instanceof Refused)) console.error(error);
    if (!wanted()) return () => {};
    place.replaceChildren(refused(error, form ?? draft.form));
    place.querySelector("h1").focus();
    return () => {};
  }
}

/** One tab at a time has a draft: of two, the later would write over the other. Returns what lets it go. One that is
    just being let go, by this page or the one before it, is waited for. */
async function hold(id) {
  if (!navigator.locks) return () => {};
  const waiting = new AbortController();
  const clock = setTimeout(() => waiting.abort(), LET_GO);
  return new Promise((resolve, reject) => {
    const held = (release) => { clearTimeout(clock); resolve(release); };
    /* Held until what `held` hands over is called. */
    navigator.locks.request(kept.draftLock(id), { signal: waiting.signal }, () => new Promise(held))
      .catch((error) => reject(error?.name === "AbortError" ? new Refused(t("draf-tab-lain")) : error));
  });
}

function refused(error, form) {
  const own = error instanceof Refused;
  return el(
    "div", {},
    el("div", { class: "title" }, el("h1", { tabindex: "-1" }, form.title)),
    el("div", { class: "notice harm", role: "alert" }, icon("alert-triangle"), el("div", {}, el("p", {}, el("b", {}, own ? error.message : t("formulir-rusak"))), el("p", {}, t("formulir-tetap-aman")))),
    own && !error.detail ? null : el("details", {}, el("summary", { class: "plain" }, t("untuk-teknisi")), el("pre", {}, own ? error.detail : String(error))),
    el("p", {}, el("a", { class: "button", href: "#/" }, icon("arrow-left"), t("kembali"))),
  );
}

function draw(place, filling, { family, leave }) {
  const scope = new Scope();
  filling.places = new Map();
  filling.commits = new Map();
  filling.rows = new Map();
  filling.parts = new Map();
  filling.nameOf = nameOf;
  filling.state.language = "";
  const title = el("h1", { tabindex: "-1" }, filling.form.title);
  const summary = el("div", { class: "ringkasan" });
  const questions = el("div", { class: "pertanyaan" });
  const done = el("button", { type: "button", class: "button main" }, t("selesai"));
  const page = el(
    "form", { class: "isi-formulir", autocomplete: "off", novalidate: true, onsubmit: (event) => event.preventDefault() },
    el("p", {}, el("a", { class: "button small", href: "#/" }, icon("arrow-left"), t("kembali"))),
    el("div", { class: "title" }, title, filling.form.practice ? el("span", { class: "pill needs" }, t("latihan")) : null),
    filling.form.practice ? el("p", { class: "notice needs" }, icon("info-circle"), el("span", {}, t("latihan-tidak-dihitung"))) : null,
    drawLanguages(filling, scope),
    drawChanges(filling, scope),
    summary,
    questions,
    el("div", { class: "actions stays" }, done, drawSaved(filling, scope)),
  );
  questions.append(...drawChildren(filling, filling.root, scope, 2));
  questions.before(drawSections(filling, scope));
  let before = filling.root.instanceState.instanceXML;
  scope.effect(() => {
    const now = filling.root.instanceState.instanceXML;
    if (now !== before) {
      untracked(() => filling.offer());
      filling.changed();
    }
    before = now;
  });
  keepListed(filling, summary, scope);
  prefill(filling, scope);
  if (family) choose(filling, family);
  keepOnLeaving(filling, scope);
  done.addEventListener("click", () => finish(filling, { summary, done, leave, scope }));
  place.replaceChildren(page);
  title.focus();
  return async () => {
    filling.opened = () => {};
    commitTyped(filling);
    await filling.close();
    scope.stop();
  };
}

function drawLanguages(filling, scope) {
  const all = filling.root.languages.filter((each) => each.language);
  if (all.length < 2) return null;
  const short = (each) => (each.locale ? new Intl.DisplayNames([each.locale.language], { type: "language" }).of(each.locale.language) : each.language);
  const field = el("select", { id: "bahasa-formulir", onchange: () => { speak(all[field.selectedIndex]); filling.changed(); } }, ...all.map((each) => el("option", { value: each.language }, short(each))));
  const speak = (each) => {
    filling.root.setLanguage(each);
    filling.language = each.language;
    filling.state.language = each.language;
    page.lang = each.locale?.language ?? language;
  };
  const page = document.getElementById("isi");
  scope.onStop(() => page.removeAttribute("lang"));
  const wanted = all.find((each) => each.language === filling.language) ?? all.find((each) => each.locale?.language === language) ?? all.find((each) => each.isDefault);
  field.selectedIndex = Math.max(0, all.indexOf(wanted));
  if (wanted) speak(wanted);
  return el("div", { class: "field bahasa-formulir" }, el("label", { for: "bahasa-formulir" }, t("bahasa-pertanyaan")), field);
}

/** What is filled in from the last round, and how much of it she has still to look at. */
function drawChanges(filling, scope) {
  const left = el("p", {});
  const box = el("div", { class: "notice needs", role: "status" }, icon("info-circle"), el("div", {}, el("p", {}, el("b", {}, t("apa-berubah-judul"))), el("p", {}, t("apa-berubah")), left));
  scope.effect(() => {
    filling.state.earlier;
    filling.state.saved;
    const many = untracked(() => [...filling.earlier].filter((node) => filling.isEarlier(node) && node.currentState.relevant).length);
    box.hidden = !filling.last;
    left.hidden = !filling.offered.size;
    left.textContent = many ? t("apa-berubah-sisa", { n: many }) : t("apa-berubah-habis");
  });
  return box;
}

function drawSaved(filling, scope) {
  const text = el("p", { class: "small tersimpan" });
  scope.effect(() => {
    const { failed, saved } = filling.state;
    text.classList.toggle("gagal", failed);
    text.textContent = failed ? t("tidak-tersimpan") : saved ? t("tersimpan", { at: moment(saved) }) : "";
    if (failed) announce(t("tidak-tersimpan"));
  });
  return text;
}

// --- groups and repeats ---------------------------------------------------------------------------------------------

function drawChildren(filling, parent, scope, level) {
  return parent.currentState.children.map((node) => drawNode(filling, node, scope, level)).filter(Boolean);
}

function drawNode(filling, node, scope, level) {
  if (node.nodeType === "model-value") return null;
  if (node.nodeType.startsWith("repeat-range")) return drawRepeat(filling, node, scope, level);
  if (node.nodeType !== "group") return drawField(filling, node, scope);
  const labelled = Boolean(node.currentState.label);
  const inside = drawChildren(filling, node, scope, labelled ? level + 1 : level);
  if (!inside.length) return null;
  const heading = labelled ? el(`h${Math.min(level, 6)}`, { tabindex: "-1" }) : null;
  const part = el("section", { class: `bagian tingkat-${Math.min(level, 4)}` }, heading, labelled ? drawAllSame(filling, node, scope) : null, ...inside);
  if (labelled) filling.parts.set(node, { part, heading });
  scope.effect(() => {
    filling.state.language;
    part.hidden = !node.currentState.relevant;
    if (heading) heading.textContent = plain(node.currentState.label);
  });
  return part;
}

/** "All of this part is as before": only for the questions that stand directly in it. */
function drawAllSame(filling, node, scope) {
  const direct = () => node.currentState.children.filter((child) => filling.isEarlier(child) && child.currentState.relevant);
  const press = el("button", { type: "button", class: "button small semua-sama", onclick: () => direct().forEach((child) => filling.confirm(child)) });
  scope.effect(() => {
    filling.state.earlier;
    const many = untracked(direct).length;
    press.hidden = many < 2;
    press.replaceChildren(icon("check"), t("semua-sama", { n: many }));
  });
  return press;
}

function drawRepeat(filling, range, scope, level) {
  const rows = new Map();
  /* Of 5 members typed as 4 the fifth would be gone for good: what was answered of it waits for the number to grow. */
  const gone = new Map();
  const heading = el(`h${Math.min(level, 6)}`, { tabindex: "-1" });
  const list = el("div", { class: "baris-baris" });
  const add = range.addInstances ? el("button", { type: "button", class: "button" }) : null;
  const away = el("p", { class: "small", role: "status", hidden: true });
  const part = el("section", { class: `bagian tingkat-${Math.min(level, 4)}` }, heading, away, list, add);
  filling.parts.set(range, { part, heading });
  scope.effect(() => {
    filling.state.language;
    part.hidden = !range.currentState.relevant || (!add && !range.currentState.children.length);
    heading.textContent = plain(range.currentState.label) || nameOf(range);
    add?.replaceChildren(icon("plus"), t("tambah", { what: heading.textContent }));
  });
  scope.effect(() => {
    const now = range.currentState.children;
    untracked(() => arrange(filling, { range, rows, list, level, scope, add, away, gone }, now));
  });
  add?.addEventListener("click", async () => {
    range.addInstances();
    filling.changed();
    await Promise.resolve();
    await Promise.resolve();
    list.lastElementChild?.querySelector("h2, h3, h4, h5, h6")?.focus();
  });
  return part;
}

function arrange(filling, at, now) {
  for (const [node, row] of at.rows) {
    if (now.includes(node)) continue;
    const answers = at.add ? [] : answersOf(row);
    if (answers.length) at.gone.set(row.number.of, answers);
    row.scope.stop();
    row.element.remove();
    at.rows.delete(node);
  }
  now.forEach((node) => {
    if (!at.rows.has(node)) at.rows.set(node, drawRow(filling, node, at));
    at.list.append(at.rows.get(node).element);
  });
  now.forEach((node, index) => {
    at.rows.get(node).number.of = index + 1;
    const answers = at.gone.get(index + 1);
    if (answers && at.gone.delete(index + 1)) giveBack(node, answers);
  });
  at.away.hidden = !at.gone.size;
  at.away.textContent = at.gone.size ? t("baris-menunggu", { n: at.gone.size }) : "";
}

/** `[[place within the row, text or file]]` of what is answered in it. */
function answersOf({ places }) {
  const answered = [...places].filter(([node]) => node.currentState.instanceValue);
  return answered.map(([node, place]) => [place, node.nodeType === "upload" ? node.currentState.value : node.currentState.instanceValue]);
}

/** Each question of a row -> where it stands in it. Asked while the row is there: the engine answers for none that is gone. */
function placesIn(row) {
  const start = row.currentState.reference.length;
  const asked = everyNode(row).filter((node) => takesText(node) || node.nodeType === "upload");
  return new Map(asked.map((node) => [node, node.currentState.reference.slice(start)]));
}

function giveBack(row, answers) {
  const nodes = new Map([...placesIn(row)].map(([node, place]) => [place, node]));
  for (const [place, said] of answers) {
    const node = nodes.get(place);
    if (node?.nodeType === "upload") node.setValue(said);
    else if (node) give(node, said);
  }
}

function drawRow(filling, node, { range, level, scope: parent, list, add }) {
  const scope = new Scope(parent);
  const number = stateFactory({ of: 0 });
  const heading = el(`h${Math.min(level + 1, 6)}`, { tabindex: "-1" });
  const called = everyNode(node).find((each) => each.nodeType === "input" && each.valueType === "string");
  const remove = range.removeInstances ? drawRemove(filling, node, range, list, add) : null;
  const element = el("div", { class: "baris" }, el("div", { class: "spread" }, heading, remove), ...drawChildren(filling, node, scope, level + 2));
  const row = { title: "" };
  filling.rows.set(node, row);
  scope.onStop(() => filling.rows.delete(node));
  scope.effect(() => {
    filling.state.language;
    const own = called?.currentState.instanceValue ?? "";
    row.title = `${plain(range.currentState.label) || nameOf(range)} ${number.of}`;
    heading.textContent = own ? `${row.title}: ${own}` : row.title;
  });
  return { scope, element, number, places: placesIn(node) };
}

/** Two presses: what stands in the row cannot be brought back. */
function drawRemove(filling, node, range, list, add) {
  const ask = el("button", { type: "button", class: "button small" }, t("hapus-baris"));
  const yes = el("button", { type: "button", class: "button small harm", hidden: true }, t("hapus-baris-ya"));
  const no = el("button", { type: "button", class: "button small", hidden: true }, t("batal"));
  const turn = (sure) => { ask.hidden = sure; yes.hidden = no.hidden = !sure; (sure ? no : ask).focus(); };
  ask.addEventListener("click", () => turn(true));
  no.addEventListener("click", () => turn(false));
  yes.addEventListener("click", async () => {
    const at = range.currentState.children.indexOf(node);
    range.removeInstances(at);
    filling.changed();
    await Promise.resolve();
    await Promise.resolve();
    (list.children[Math.min(at, list.children.length - 1)]?.querySelector("h2, h3, h4, h5, h6") ?? add)?.focus();
    announce(t("baris-dihapus"));
  });
  return el("span", { class: "actions" }, ask, yes, no);
}

// --- the family, and what is known of it ------------------------------------------------------------------------------

/** Begun from a family's line: it is chosen already. */
function choose(filling, family) {
  const nodes = everyNode(filling.root);
  const listed = nodes.find((node) => nameOf(node) === "sl_ada_di_daftar");
  const which = nodes.find((node) => nameOf(node) === "sl_keluarga");
  if (listed) give(listed, family === "baru" ? "belum" : "ya");
  if (which && family !== "baru") give(which, family);
  filling.changed();
}

/** When she chooses a family, what the last round says of it is filled in, each answer to be confirmed or changed. */
function prefill(filling, scope) {
  const which = everyNode(filling.root).find((node) => nameOf(node) === "sl_keluarga");
  if (!which) return;
  let before = which.currentState.value[0] ?? "";
  scope.effect(() => {
    const family = which.currentState.value[0] ?? "";
    if (family === before) return;
    before = family;
    untracked(async () => {
      const last = family && !filling.form.practice ? await kept.lastOf(family) : null;
      /* She may have chosen another meanwhile. */
      if ((which.currentState.value[0] ?? "") !== family) return;
      filling.startOver(last);
    });
  });
}

// --- its end ----------------------------------------------------------------------------------------------------------

function commitTyped(filling) {
  filling.commits.get(document.activeElement)?.();
}

function keepOnLeaving(filling, scope) {
  const keep = () => {
    if (document.visibilityState !== "hidden") return;
    commitTyped(filling);
    filling.save();
  };
  document.addEventListener("visibilitychange", keep);
  window.addEventListener("pagehide", keep);
  scope.onStop(() => {
    document.removeEventListener("visibilitychange", keep);
    window.removeEventListener("pagehide", keep);
  });
}

async function finish(filling, { summary, done, leave, scope }) {
  commitTyped(filling);
  filling.state.pressed = true;
  const obstacles = filling.obstacles();
  if (obstacles.length) {
    list(filling, summary, obstacles);
    summary.firstElementChild.focus();
    summary.firstElementChild.scrollIntoView({ block: "start" });
    return undefined;
  }
  summary.replaceChildren();
  done.disabled = true;
  try {
    await handOver(await filling.finish());
  } catch (error) {
    console.error(error);
    filling.ended = false;
    done.disabled = false;
    summary.replaceChildren(el("div", { class: "notice harm", role: "alert" }, icon("alert-triangle"), el("div", {}, el("p", {}, el("b", {}, t("gagal-antre"))), el("p", {}, t("gagal-antre-aman")))));
    summary.scrollIntoView({ block: "center" });
    return undefined;
  }
  scope.stop();
  return leave(filling.form.title);
}

/** Every question that stands in the way, each with a link to it. */
function list(filling, summary, obstacles) {
  const line = ({ node, kind }) => {
    const place = filling.places.get(node);
    const message = kind === "isi" ? messageOf(node.validationState.violation) : filling.says(node, kind);
    if (!place) return el("li", {}, `${nameOf(node)}${after(nameOf(node))}${message}`);
    const go = (event) => {
      event.preventDefault();
      place.focus();
      place.box.scrollIntoView({ block: "center" });
    };
    return el("li", {}, el("a", { href: "#", onclick: go }, [...rowsAround(node).map((row) => row.title), place.label()].join(": ")), `${after(place.label())}${message}`);
  };
  /* A question has its own mark. */
  const after = (label) => (label.trimEnd().endsWith("?") ? " " : ": ");
  const rowsAround = (node) => [...filling.rows].filter(([row]) => within(row, node)).map(([, row]) => row);
  const more = obstacles.length - LISTED;
  const box = el("div", { class: "notice harm", tabindex: "-1", role: "group", "aria-label": t("ringkasan") }, icon("alert-triangle"), el("div", {}, el("p", {}, el("b", {}, t("belum-selesai", { n: obstacles.length }))), el("ul", { class: "daftar-salah" }, obstacles.slice(0, LISTED).map(line)), more > 0 ? el("p", {}, t("belum-selesai-lagi", { n: more })) : null));
  summary.replaceChildren(box);
}

/** What was put right leaves the list at once; the last one leaves none. */
function keepListed(filling, summary, scope) {
  let planned = 0;
  const again = () => {
    const obstacles = filling.obstacles();
    if (!obstacles.length) return summary.replaceChildren();
    const held = summary.contains(document.activeElement);
    list(filling, summary, obstacles);
    if (held) summary.firstElementChild.focus();
    return undefined;
  };
  scope.effect(() => {
    filling.root.instanceState.instanceXML;
    filling.state.earlier;
    filling.state.problems;
    clearTimeout(planned);
    if (summary.childElementCount) planned = setTimeout(again, 300);
  });
  scope.onStop(() => clearTimeout(planned));
}

function within(row, node) {
  for (let each = node; each; each = each.parent) if (each === row) return true;
  return false;
}
