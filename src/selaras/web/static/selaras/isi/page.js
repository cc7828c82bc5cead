/* Words and elements. All that a person reads stands in the page's template, translated by the server; here are its keys. */

const words = new Map();
const icons = new Map();
for (const each of document.getElementById("kata").content.querySelectorAll("[data-kata]")) {
  words.set(each.dataset.kata, each.textContent.trim().replace(/\s+/g, " "));
}
for (const each of document.getElementById("kata").content.querySelectorAll("[data-ikon]")) {
  icons.set(each.dataset.ikon, each.firstElementChild);
}

export const language = document.documentElement.lang || "id";
const numbers = new Intl.NumberFormat(language === "en" ? "en-GB" : "id-ID");
const moments = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "id-ID", { day: "numeric", month: "long", year: "numeric" });

/** The sentence of that key with `{name}` filled in; numbers as they are written here. Never fails: a word that is
    missing must not cost her the form. */
export function t(key, values = {}) {
  const said = words.get(key) ?? key;
  if (!words.has(key)) console.error(`no words for ${key}`);
  return filled(said, values);
}

/** A sentence with `{name}` filled in. */
export function filled(said, values) {
  return said.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? numbers.format(values[name]) : values[name] ?? ""));
}

/** Whether there are words for it: states that a newer server may send. */
export const has = (key) => words.has(key);

export function icon(name) {
  return icons.get(name).cloneNode(true);
}

/** `el("p", {class: "quiet", onclick: f}, "text", element, …)`; nothing is ever read as HTML. */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((each) => each !== null && each !== undefined && each !== false));
  return made;
}

export const moment = (at) => moments.format(new Date(at));
export const day = (text) => (/^\d{4}-\d{2}-\d{2}/.test(text ?? "") ? days.format(new Date(`${text.slice(0, 10)}T12:00:00`)) : "");

/** `2,3 MB`, `310 kB`. */
export function size(bytes) {
  return bytes < 950_000 ? `${numbers.format(Math.max(1, Math.round(bytes / 1000)))} kB` : `${numbers.format(Math.round(bytes / 100_000) / 10)} MB`;
}

/** A label as text: a form's markdown may hold HTML, which is never put into the page. */
export function plain(range) {
  if (!range) return "";
  const parts = range.formatted;
  const text = Array.isArray(parts) ? parts.map(textOf).join("") : range.asString;
  return text.replace(/[ \t]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
}

function textOf(node) {
  if (node.role === "child") return node.value;
  if (node.role === "line-break") return "\n";
  if (node.role === "html") return new DOMParser().parseFromString(node.unsafeHtml, "text/html").body.textContent;
  const inner = node.children.map(textOf).join("");
  return ["p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6"].includes(node.elementName) ? `${inner}\n` : inner;
}

let shown = 0;
/** Said to those who do not see the page, and shown for a while to those who do. */
export function announce(text) {
  const place = document.getElementById("kabar");
  place.textContent = "";
  clearTimeout(shown);
  /* The same sentence twice is no change to a reader: it goes and comes again. */
  setTimeout(() => { place.textContent = text; }, 50);
  shown = setTimeout(() => { place.textContent = ""; }, 8_000);
}
