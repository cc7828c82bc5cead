/* One question: its label, its control, what is wrong with its answer. Controls are the browser's own, so that a
   keyboard, a reader and a cheap phone know them. */
import { isFull } from "./kept.js";
import { day, el, icon, plain, size, t } from "./page.js";
import { nameFor, shrink } from "./photo.js";
import { stateFactory } from "./reactive.js";
import { MULTIPLE, PARTED, read, same, show } from "./values.js";

const NATIVE = { date: "date", time: "time", dateTime: "datetime-local" };
/** More choices than this are searched, not read through. */
const LIST = 15;
const SHOWN = 12;
let count = 0;

/** The question's element; it stands in `filling.places` so that a summary can lead to it. */
export function drawField(filling, node, scope) {
  if (node.nodeType === "note") return drawNote(filling, node, scope);
  const id = `tanya${(count += 1)}`;
  const state = stateFactory({ touched: false, problem: filling.problems.get(node) ?? "" });
  const said = answering(filling, node, id, state);
  const control = controlOf(node)(filling, node, scope, said);
  const label = el(control.grouped ? "legend" : "label", control.grouped ? {} : { for: id });
  const hint = el("p", { class: "hint", id: `${id}-petunjuk` });
  const wrong = el("p", { class: "isian-salah", id: `${id}-salah` });
  const box = el(control.grouped ? "fieldset" : "div", { class: "isian", "data-nama": filling.nameOf(node) }, label, hint, control.element, drawEarlier(filling, node, scope, id), wrong, control.after ?? null);
  if (control.grouped) box.setAttribute("aria-describedby", `${id}-petunjuk ${id}-dulu ${id}-salah`);
  scope.effect(() => {
    box.hidden = !node.currentState.relevant;
  });
  scope.effect(() => {
    filling.state.language;
    const words = plain(node.currentState.label) || filling.nameOf(node);
    label.replaceChildren(words, ...(node.currentState.required ? [" ", el("span", { class: "wajib" }, t("wajib"))] : []));
    hint.textContent = plain(node.currentState.hint);
    hint.hidden = !hint.textContent;
  });
  scope.effect(() => {
    const message = complaint(filling, node, state);
    wrong.textContent = message;
    wrong.hidden = !message;
    for (const each of box.querySelectorAll("input, select, textarea")) {
      if (message) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
  });
  filling.places.set(node, { box, label: () => plain(node.currentState.label) || filling.nameOf(node), focus: () => (control.focus ?? (() => box.querySelector("input, select, textarea, button")?.focus()))() });
  scope.onStop(() => {
    filling.places.delete(node);
    filling.problems.delete(node);
    filling.typed.delete(node);
    filling.earlier.delete(node);
  });
  return box;
}

/** What a control tells of her: an answer, or that what she did is none. */
function answering(filling, node, id, state) {
  const said = {
    id,
    describe: { "aria-describedby": `${id}-petunjuk ${id}-dulu ${id}-salah` },
    /** `text`, where it stands in the field: it is kept with the draft. Opened again, the answer before it would stand
        there as if it were meant. */
    problem(kind, text) {
      if (kind) filling.problems.set(node, kind);
      else filling.problems.delete(node);
      if (text === undefined) filling.typed.delete(node);
      else filling.typed.set(node, { text, problem: kind });
      state.problem = kind;
      filling.state.problems += 1;
    },
    /** She answered: `give` hands it to the engine. */
    answered(give) {
      said.problem("");
      give();
      state.touched = true;
      filling.confirm(node);
      filling.changed();
    },
    refused(kind, text) {
      said.problem(kind, text);
      state.touched = true;
    },
  };
  return said;
}

/** What is wrong, in words; '' where nothing is, or where she has not come to it yet. */
function complaint(filling, node, state) {
  const violation = node.validationState.violation;
  filling.state.language;
  /* Another amount is asked about in other words. */
  if (state.problem === PARTED || state.problem === MULTIPLE) filling.state.problems;
  if (state.problem) return filling.says(node, state.problem);
  if (!violation || !(state.touched || filling.state.pressed)) return "";
  return messageOf(violation);
}

/** The form's own words; the engine's, which are English, are replaced by ours. */
export function messageOf(violation) {
  const own = violation.message?.origin === "form" || (violation.message && violation.message.origin === undefined);
  return (own && plain(violation.message)) || t(violation.condition === "required" ? "wajib-diisi" : "tidak-sesuai");
}

function drawNote(filling, node, scope) {
  const text = el("p", { class: "catatan-formulir" });
  scope.effect(() => {
    filling.state.language;
    text.textContent = [plain(node.currentState.label), plain(node.currentState.hint)].filter(Boolean).join("\n");
    text.hidden = !node.currentState.relevant || !text.textContent;
  });
  return text;
}

/** "From the last round": stands until she says that it is so still, or answers anew. */
function drawEarlier(filling, node, scope, id) {
  const text = el("span", {});
  const line = el("p", { class: "dulu", id: `${id}-dulu` }, text, el("button", { type: "button", class: "button small", onclick: () => filling.confirm(node) }, icon("check"), t("masih-sama")));
  scope.effect(() => {
    filling.state.earlier;
    line.hidden = !filling.isEarlier(node);
    text.textContent = filling.last?._date ? t("dari-dulu-tanggal", { day: day(filling.last._date) }) : t("dari-dulu");
  });
  return line;
}

function controlOf(node) {
  if (node.nodeType === "upload") return photo;
  if (node.nodeType === "trigger") return tick;
  if (node.nodeType === "range") return typed;
  if (node.nodeType === "input") return node.valueType === "geopoint" ? location : typed;
  if (node.selectType === "select") return several;
  if (node.appearances?.autocomplete || node.currentState.valueOptions.length > LIST) return searched;
  return node.appearances?.minimal ? dropped : one;
}

// --- typed ----------------------------------------------------------------------------------------------------------

function typed(filling, node, scope, said) {
  const type = node.valueType;
  const long = type === "string" && (node.appearances?.multiline || node.nodeOptions?.rows);
  const number = type === "int" || type === "decimal" || node.appearances?.numbers;
  const mode = type === "decimal" ? "decimal" : "numeric";
  const field = el(long ? "textarea" : "input", {
    id: said.id,
    ...said.describe,
    autocomplete: "off",
    ...(long ? { rows: "3" } : { type: NATIVE[type] ?? "text" }),
    ...(number ? { inputmode: mode } : {}),
  });
  if (filling.typed.has(node)) field.value = filling.typed.get(node).text;
  const rule = type === "int" || type === "decimal" ? filling.rule(node) : null;
  const commit = () => {
    const stands = same(type, read(type, field.value).value, node.currentState.instanceValue);
    if (stands && !filling.problems.has(node) && !field.validity.badInput) return;
    /* A half date has no text: the browser says so itself. What was answered so is not asked about again. */
    const { value, problem } = field.validity.badInput ? { problem: "salah-tanggal" } : bounded(node, read(type, field.value, stands ? null : rule));
    if (!problem) return said.answered(() => node.setValue(value));
    said.refused(problem, field.value);
    filling.changed();
  };
  /* Numbers when she has left the field: of 12 members the first key would make one, and the next take it away. */
  field.addEventListener("change", commit);
  /* Half a date comes back as none: left so, it is none. */
  field.addEventListener("blur", () => { if (filling.problems.has(node)) commit(); });
  if (type === "string" && !node.appearances?.numbers) field.addEventListener("input", () => { node.setValue(field.value); filling.confirm(node); filling.changed(); });
  filling.commits.set(field, commit);
  scope.effect(() => {
    const stored = node.currentState.instanceValue;
    if (!filling.problems.has(node) && !same(type, read(type, field.value).value, stored)) field.value = show(type, stored);
  });
  scope.effect(() => {
    field.readOnly = node.currentState.readonly;
    field.toggleAttribute("aria-required", node.currentState.required);
    if (node.currentState.required) field.setAttribute("aria-required", "true");
  });
  return { element: field, after: rule && drawReadings(filling, node, scope, said, field) };
}

/** The two amounts that it may be, to press. They stay the same elements while the text does: a press leaves the field
    first, which asks again. */
function drawReadings(filling, node, scope, said, field) {
  const place = el("p", { class: "actions" });
  const answer = (words, value) => el("button", { type: "button", class: "button small", onclick: () => { said.answered(() => node.setValue(value)); field.focus(); } }, words);
  let before = null;
  scope.effect(() => {
    filling.state.problems;
    const both = filling.readings(node);
    const now = both ? both.text : "";
    if (now === before) return;
    before = now;
    place.hidden = !both;
    place.replaceChildren(...(both ? both.answers.map(([words, value]) => answer(words, value)) : []));
  });
  return place;
}

function bounded(node, answer) {
  const bounds = node.definition.bodyElement?.bounds;
  if (node.nodeType !== "range" || answer.problem || !answer.value) return answer;
  const ends = [Number(bounds.start), Number(bounds.end)];
  const within = Number(answer.value) >= Math.min(...ends) && Number(answer.value) <= Math.max(...ends);
  return within ? answer : { problem: "salah-rentang" };
}

function tick(filling, node, scope, said) {
  const field = el("input", { type: "checkbox", onchange: () => said.answered(() => node.setValue(field.checked)) });
  scope.effect(() => { field.checked = node.currentState.value === true; });
  return { grouped: true, element: el("label", { class: "choice" }, field, el("span", {}, t("ya"))) };
}

// --- chosen ---------------------------------------------------------------------------------------------------------

/** Each option's value and words, drawn again where the list or the language changes. */
function options(filling, node, scope, draw) {
  let before = null;
  scope.effect(() => {
    filling.state.language;
    const now = node.currentState.valueOptions.map((item) => [item.value, plain(item.label) || item.value]);
    const same = JSON.stringify(now);
    if (same !== before) draw(now);
    before = same;
  });
}

function choices(filling, node, scope, said, type, changed) {
  const list = el("div", { class: "pilihan" });
  const mark = () => {
    const chosen = new Set(node.currentState.value);
    for (const field of list.querySelectorAll("input")) field.checked = chosen.has(field.value);
  };
  options(filling, node, scope, (all) => {
    list.classList.toggle("berdua", all.length === 2);
    const none = el("p", { class: "quiet" }, t("pilihan-kosong"));
    list.replaceChildren(...(all.length ? all.map(([value, words]) => el("label", { class: "choice" }, el("input", { type, name: said.id, value, onchange: changed }), el("span", {}, words))) : [none]));
    mark();
  });
  scope.effect(mark);
  scope.effect(() => { for (const field of list.querySelectorAll("input")) field.disabled = node.currentState.readonly; });
  return list;
}

function one(filling, node, scope, said) {
  const list = choices(filling, node, scope, said, "radio", (event) => said.answered(() => node.selectValue(event.target.value)));
  const empty = el("button", { type: "button", class: "link-button", onclick: () => { said.answered(() => node.selectValue(null)); list.querySelector("input")?.focus(); } }, t("kosongkan"));
  scope.effect(() => { empty.hidden = node.currentState.required || !node.currentState.value.length; });
  return { grouped: true, element: el("div", {}, list, empty) };
}

function several(filling, node, scope, said) {
  const list = choices(filling, node, scope, said, "checkbox", () => {
    const chosen = [...list.querySelectorAll("input:checked")].map((field) => field.value);
    said.answered(() => node.selectValues(chosen));
  });
  return { grouped: true, element: list };
}

function dropped(filling, node, scope, said) {
  const field = el("select", { id: said.id, ...said.describe, onchange: () => said.answered(() => node.selectValue(field.value || null)) });
  const mark = () => { field.value = node.currentState.value[0] ?? ""; };
  options(filling, node, scope, (all) => {
    field.replaceChildren(el("option", { value: "" }, t("pilih")), ...all.map(([value, words]) => el("option", { value }, words)));
    mark();
  });
  scope.effect(mark);
  scope.effect(() => { field.disabled = node.currentState.readonly; });
  return { element: field };
}

/** A long list: she types a part of it and presses one of what is left. */
function searched(filling, node, scope, said) {
  const field = el("input", { id: said.id, type: "search", autocomplete: "off", ...said.describe });
  const list = el("ul", { class: "temuan" });
  const found = el("p", { class: "small", role: "status" });
  const chosen = el("p", { class: "terpilih" });
  const again = el("button", { type: "button", class: "button small", onclick: () => { open(true); field.focus(); } }, t("ganti"));
  const looking = el("div", { class: "cari" }, field, found, list);
  const picked = el("div", { class: "cari-terpilih" }, chosen, again);
  let all = [];
  const open = (yes) => { looking.hidden = !yes; picked.hidden = yes; };
  const pick = (value) => {
    said.answered(() => node.selectValue(value));
    field.value = "";
    open(false);
    again.focus();
  };
  const search = () => {
    const parts = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fit = all.filter(([, words]) => parts.every((part) => words.toLowerCase().includes(part)));
    list.replaceChildren(...fit.slice(0, SHOWN).map(([value, words]) => el("li", {}, el("button", { type: "button", class: "button", onclick: () => pick(value) }, words))));
    const left = fit.length - SHOWN;
    found.textContent = !fit.length ? t("cari-tidak-ada") : left > 0 ? t("cari-lebih", { n: left }) : t("cari-ada", { n: fit.length });
    return fit;
  };
  const mark = () => {
    const value = node.currentState.value[0];
    const words = all.find(([each]) => each === value)?.[1];
    chosen.textContent = words ?? "";
    /* While she looks for another the list stays open. */
    if (!looking.contains(document.activeElement)) open(!words);
  };
  field.addEventListener("input", search);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const fit = search();
    if (fit.length === 1) pick(fit[0][0]);
  });
  options(filling, node, scope, (now) => { all = now; search(); mark(); });
  scope.effect(mark);
  return { element: el("div", {}, looking, picked), focus: () => (looking.hidden ? again : field).focus() };
}

// --- taken ----------------------------------------------------------------------------------------------------------

function photo(filling, node, scope, said) {
  const field = el("input", { id: said.id, type: "file", accept: "image/*", ...said.describe, ...(node.appearances?.new ? { capture: "environment" } : {}) });
  const picture = el("img", { class: "foto", alt: t("foto-anda") });
  const note = el("p", { class: "small", role: "status" });
  const away = el("button", { type: "button", class: "button small", onclick: async () => { said.problem(""); await filling.detach(node); note.textContent = t("foto-dihapus"); field.focus(); } }, t("foto-hapus"));
  const shown = el("div", { class: "foto-kotak" }, picture, away);
  let address = "";
  const take = async (file) => {
    note.textContent = t("foto-diperkecil");
    try {
      const small = await shrink(file);
      const text = t("foto-ukuran", { from: size(file.size), to: size(small.size) });
      await filling.attach(node, nameFor(file, new Set(filling.files.keys())), small, text);
      said.answered(() => {});
      note.textContent = text;
    } catch (error) {
      console.error(error);
      note.textContent = "";
      said.refused(isFull(error) ? "foto-penuh" : "foto-rusak");
    }
  };
  field.addEventListener("change", () => {
    const [file] = field.files;
    field.value = "";
    if (file) filling.during(take(file));
  });
  const release = () => { if (address) URL.revokeObjectURL(address); address = ""; };
  scope.effect(() => {
    const name = node.currentState.instanceValue;
    const kept = filling.files.get(name);
    release();
    shown.hidden = !name;
    if (kept) {
      address = URL.createObjectURL(kept.blob);
      picture.src = address;
      note.textContent = kept.note;
    } else if (name) {
      said.problem("foto-hilang");
    }
    picture.hidden = !kept;
  });
  scope.onStop(release);
  return { element: el("div", {}, field, note, shown) };
}

function location(filling, node, scope, said) {
  const note = el("p", { class: "small", role: "status" });
  const take = el("button", { type: "button", id: said.id, class: "button", ...said.describe }, icon("map-pin"), t("lokasi-ambil"));
  const away = el("button", { type: "button", class: "link-button", onclick: () => { said.answered(() => node.setValue("")); take.focus(); } }, t("kosongkan"));
  take.addEventListener("click", () => {
    if (!navigator.geolocation) return said.refused("lokasi-tidak-bisa");
    note.textContent = t("lokasi-mencari");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => said.answered(() => node.setValue(`${coords.latitude} ${coords.longitude} ${coords.altitude ?? 0} ${coords.accuracy ?? 0}`)),
      ({ code }) => { note.textContent = ""; said.refused(code === 1 ? "lokasi-ditolak" : "lokasi-tidak-bisa"); },
      { enableHighAccuracy: true, timeout: 60_000, maximumAge: 0 },
    );
  });
  scope.effect(() => {
    const [latitude, longitude, , accuracy] = node.currentState.instanceValue.split(" ").map(Number);
    away.hidden = !node.currentState.instanceValue;
    note.textContent = node.currentState.instanceValue ? t("lokasi-ada", { latitude: latitude.toFixed(5), longitude: longitude.toFixed(5), accuracy: Math.round(accuracy || 0) }) : "";
  });
  return { element: el("div", {}, take, note, away) };
}
