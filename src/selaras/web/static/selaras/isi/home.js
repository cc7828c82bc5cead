/* Where she begins: what is left to visit, what waits to be sent, what she has begun. */
import * as again from "./again.js";
import * as kept from "./kept.js";
import { announce, el, has, icon, moment, t } from "./page.js";

const UNSENT = new Set(["waiting", "sending", "failed", "refused"]);
/** States of a family that need no visit any more. */
const LEFT = new Set(["", "not_yet", "out"]);
/** Milliseconds in which the server has taken in what arrived. */
const TAKEN = 10 * 60_000;

/** Draw it; `at` is `{known, online, signedOut, storage, queue, sync}`. Returns what closes it. */
export async function drawHome(place, at) {
  const drafts = await kept.allDrafts();
  const items = await at.queue.list();
  const reopened = await again.known(items);
  const about = whatIsHere(drafts, items, at.known);
  const title = el("h1", { tabindex: "-1" }, headline(at.known, about));
  place.replaceChildren(
    el("div", { class: "title" }, title),
    el("p", { class: "lead now" }, where(at.known)),
    drawSync(at),
    ...drawWarnings(at, items),
    drawQueue(at, items, reopened),
    drawDrafts(drafts, at),
    ...drawFamilies(at.known, about),
    drawForms(at.known),
    drawProofs(at.known),
  );
  return title;
}

/** By a family's label: what this phone has of it, that stands in what the server said last not yet. */
function whatIsHere(drafts, items, known) {
  const states = new Map(known.families.map((family) => [family.label, family.state]));
  const found = new Map();
  for (const item of items) if (item.about && isNews(item, states.get(item.about), known.at)) found.set(item.about, { item });
  for (const draft of drafts) if (draft.about && !draft.done && !draft.form.practice) found.set(draft.about, { draft });
  return found;
}

/** What has arrived becomes an answer of the family a little later: until then it is not yet visited, to the server. */
function isNews({ state, at }, family, asked) {
  if (state !== "sent") return true;
  return at > (!family || family === "not_yet" ? asked - TAKEN : asked);
}

function headline(known, about) {
  const all = known.families;
  const left = all.filter((family) => LEFT.has(family.state) && !about.get(family.label)?.item).length;
  if (!all.length) return t("rumah-belum-ada");
  return left ? t("rumah-tinggal", { of: all.length, n: left }) : t("rumah-selesai", { of: all.length });
}

function where(known) {
  const open = known.forms.filter(isOfFamilies);
  return open.length ? open.map((form) => form.round || form.title).join("; ") : t("tidak-ada-putaran");
}

function drawSync({ known, online, sync }) {
  const press = el("button", { type: "button", class: "button small", onclick: async () => { press.disabled = true; announce(t("sinkron-jalan")); await sync(); } }, icon("refresh"), t("sinkron"));
  return el("p", { class: "sinkron" }, el("span", { class: "small" }, `${online ? t("daring") : t("luring")} ${t("sinkron-terakhir", { at: moment(known.at) })}`), press);
}

function notice(kind, ...inside) {
  return el("div", { class: `notice ${kind}`, role: "status" }, icon(kind === "done" ? "circle-check" : "alert-triangle"), el("div", {}, ...inside));
}

function drawWarnings(at, items) {
  const found = [];
  const waits = items.filter((item) => UNSENT.has(item.state)).length;
  if (at.none) found.push(notice("needs", el("p", {}, at.none), el("p", {}, t("draf-tetap"))));
  if (at.signedOut) found.push(notice("needs", el("p", {}, el("b", {}, t("masuk-lagi"))), el("div", { class: "actions" }, el("a", { class: "button", href: "/masuk/?next=/isi/" }, t("masuk")))));
  if (at.storage === "none") found.push(notice("harm", el("p", {}, el("b", {}, t("simpan-tidak-bisa"))), waits ? drawExport(at.queue) : null));
  else if (at.storage === "full") found.push(notice("harm", el("p", {}, el("b", {}, t("foto-penuh"))), waits ? drawExport(at.queue) : null));
  else if (at.storage !== "yes" && waits) found.push(notice("needs", el("p", {}, t("simpan-tidak-pasti")), drawExport(at.queue)));
  return found;
}

function drawExport(queue) {
  const press = async () => {
    const file = await queue.exportFile();
    const address = URL.createObjectURL(file);
    el("a", { href: address, download: file.name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    announce(t("cadangan-diunduh"));
  };
  return el("div", { class: "actions" }, el("button", { type: "button", class: "button", onclick: press }, icon("download"), t("cadangan-unduh")));
}

// --- the queue --------------------------------------------------------------------------------------------------------

function drawQueue(at, items, reopened) {
  const { queue, storage } = at;
  const waits = items.filter((item) => UNSENT.has(item.state));
  /* Not all that waits is a form. */
  const mixed = waits.some((item) => item.kind !== "form");
  const heading = el("h2", { id: "antrean" }, waits.length ? t(mixed ? "antrean-menunggu-lain" : "antrean-menunggu", { n: waits.length }) : t("antrean"));
  const list = el("ul", { class: "antrean" }, items.map((item) => drawItem(item, at, reopened)));
  const actions = waits.length
    ? el("div", { class: "actions" }, el("button", { type: "button", class: "button main", onclick: () => queue.send() }, icon("upload"), t(mixed ? "kirim-lain" : "kirim", { n: waits.length })))
    : null;
  const rest = waits.length && storage === "yes" ? drawExport(queue) : null;
  return el("section", { class: "card", "aria-labelledby": "antrean" }, heading, items.length ? list : el("p", { class: "quiet" }, t("antrean-kosong")), actions, rest);
}

function drawItem(item, at, reopened) {
  const key = `antre-${item.state}`;
  const failed = item.state === "failed" || item.state === "refused";
  return el(
    "li", { class: `kiriman ${item.state}`, "data-uuid": item.uuid, "data-keadaan": item.state },
    icon({ sent: "circle-check", held: "clock", waiting: "clock", sending: "refresh" }[item.state] ?? "alert-triangle"),
    el("span", {}, el("b", {}, item.about || item.title), el("br"), el("span", { class: "small" }, wordsOf(item, key), item.at ? ` ${moment(item.at)}` : "")),
    failed ? el("span", { class: "actions" }, el("button", { type: "button", class: "button small", onclick: () => at.queue.retry(item.uuid) }, t("coba-lagi")), item.state === "refused" ? drawRefused(item, at, reopened) : null) : null,
  );
}

/** What the server does not take can be put right, or go: else it would stand there for ever. */
function drawRefused({ uuid }, at, reopened) {
  const open = async () => { location.hash = `#/isi/${await again.reopen(uuid)}`; };
  const away = async () => { await again.discard(uuid); announce(t("kiriman-dihapus")); await at.redraw(); };
  return [reopened.has(uuid) ? el("button", { type: "button", class: "button small", onclick: open }, t("buka-lagi")) : null, ...drawTwice(t("hapus-kiriman-ya"), away)].filter(Boolean);
}

/** Two presses: what goes cannot be brought back. */
function drawTwice(sure, act) {
  const ask = el("button", { type: "button", class: "button small" }, t("hapus"));
  const yes = el("button", { type: "button", class: "button small harm", hidden: true, onclick: act }, sure);
  const no = el("button", { type: "button", class: "button small", hidden: true }, t("batal"));
  const turn = (asked) => { ask.hidden = asked; yes.hidden = no.hidden = !asked; (asked ? no : ask).focus(); };
  ask.addEventListener("click", () => turn(true));
  no.addEventListener("click", () => turn(false));
  return [ask, yes, no];
}

/** The server's sentence says more than ours once it has the form; before, ours says what is going on. */
function wordsOf({ state, said }, key) {
  const ours = has(key) ? t(key) : state;
  if (!said) return ours;
  /* Not the server's sentence: what stands before it said no. */
  if (/^[45]\d\d$/.test(said)) return `${ours} ${refusal(said)}`;
  return state === "sent" || state === "held" ? said : `${ours} ${said[0].toUpperCase()}${said.slice(1)}`;
}

/** Another network helps where something between says no, not where the server is down or asks for patience. */
function refusal(code) {
  const key = code >= 500 ? "ditolak-server" : `ditolak-${code}`;
  return t(has(key) ? key : "ditolak-di-jalan", { code });
}

// --- drafts, forms, families ------------------------------------------------------------------------------------------

function drawDrafts(drafts, at) {
  if (!drafts.length) return "";
  return el("section", { class: "card", "aria-labelledby": "draf" }, el("h2", { id: "draf" }, t("draf")), el("ul", { class: "antrean" }, drafts.map((draft) => drawDraft(draft, at))));
}

function drawDraft(draft, { redraw, deliver }) {
  const away = async () => { await kept.dropDraft(draft); announce(t("draf-dihapus")); await redraw(); };
  const actions = draft.done
    ? [el("button", { type: "button", class: "button small", onclick: deliver }, t("coba-lagi"))]
    : [el("a", { class: "button small", href: `#/isi/${draft.id}` }, t("lanjutkan")), ...drawTwice(t("hapus-ya"), away)];
  return el(
    "li", { class: "kiriman draf" },
    el("span", {}, el("b", {}, draft.about || draft.form.title), draft.form.practice ? [" ", el("span", { class: "pill needs" }, t("latihan"))] : null, el("br"), el("span", { class: "small" }, draft.about ? `${draft.form.title}. ` : "", draft.done ? t("gagal-antre") : t("tersimpan", { at: moment(draft.at) }))),
    el("span", { class: "actions" }, actions),
  );
}

/** Not for practice, and no sheet of a rehearsal: those are of no family. */
const isOfFamilies = (form) => !form.practice && !form.kind;
const begin = (form, family) => `#/baru/${encodeURIComponent(form.form_id)}/${family}`;

function drawForms(known) {
  const line = (form) =>
    el(
      "li", { class: "kiriman" },
      el("span", {}, el("b", {}, form.title), form.practice ? [el("br"), el("span", { class: "small" }, t("latihan-tidak-dihitung"))] : form.kind ? [el("br"), el("span", { class: "small" }, t("nilai-apa"))] : null),
      el("span", { class: "actions" }, el("a", { class: "button small", href: begin(form, isOfFamilies(form) ? "baru" : "-") }, form.kind ? t("nilai-lembar") : form.practice ? t("coba-latihan") : t("keluarga-baru"))),
    );
  return el("section", { class: "card", "aria-labelledby": "formulir" }, el("h2", { id: "formulir" }, t("formulir")), el("ul", { class: "antrean" }, known.forms.map(line)));
}

/** The way to what proves something, where she may bring any. */
function drawProofs(known) {
  if (!known.evidence?.loci.length) return "";
  const press = el("a", { class: "button small", href: "#/bukti" }, icon("upload"), t("bukti-pilih"));
  return el("section", { class: "card", "aria-labelledby": "bukti" }, el("h2", { id: "bukti" }, t("bukti")), el("ul", { class: "antrean" }, el("li", { class: "kiriman" }, el("span", {}, t("bukti-apa")), el("span", { class: "actions" }, press))));
}

function drawFamilies(known, about) {
  const forms = known.forms.filter(isOfFamilies);
  const blocks = new Map();
  for (const family of known.families) {
    const key = `RT ${family.rt || "–"}/RW ${family.rw || "–"}`;
    if (!blocks.has(key)) blocks.set(key, []);
    blocks.get(key).push(family);
  }
  if (!blocks.size) return [el("p", { class: "quiet" }, t("rumah-belum-ada-jelas"))];
  return [el("section", { class: "card", "aria-labelledby": "rumah" }, el("h2", { id: "rumah" }, t("rumah-anda")), [...blocks].map(([where, families]) => drawBlock(where, families, forms, about)))];
}

/** Those who are left stand first: among a hundred she looks for them. */
function drawBlock(where, families, forms, about) {
  const isLeft = (family) => LEFT.has(family.state) && !about.get(family.label)?.item;
  const left = families.filter(isLeft);
  const sorted = [...left, ...families.filter((family) => !isLeft(family))];
  return el(
    "details", { class: "rt", open: left.length > 0 },
    el("summary", {}, el("b", {}, where), " ", el("span", { class: "quiet" }, left.length ? t("tinggal", { n: left.length }) : t("selesai-semua")), icon("chevron-down")),
    el("ul", { class: "antrean" }, sorted.map((family) => drawFamily(family, forms, about.get(family.label)))),
  );
}

function drawFamily(family, forms, here) {
  const key = `keadaan-${family.state || "not_yet"}`;
  const state = here?.item ? t(`antre-${here.item.state}`) : here?.draft ? t("draf-ada") : has(key) ? t(key) : family.state;
  const press = here?.draft
    ? [el("a", { class: "button small", href: `#/isi/${here.draft.id}` }, t("lanjutkan"))]
    : forms.map((form) => el("a", { class: "button small", href: begin(form, family.uuid), "aria-label": t("isi-keluarga", { who: family.label, form: form.title }) }, forms.length > 1 ? form.round || form.title : t("isi")));
  return el("li", { class: "kiriman" }, el("span", {}, family.label, el("br"), el("span", { class: "small" }, state)), el("span", { class: "actions" }, press));
}
