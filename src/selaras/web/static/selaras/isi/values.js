/* What is typed, as the form stores it. The engine takes what it cannot read for blank and says nothing: 4.7 people are
   4, 31 February is none, 1,5 is none. So every text is checked here before it goes there. */

const MOST = 2_147_483_647;

/** From here on the engine's doubles and the server's numbers are not the same. */
const LIMIT = 1e13;
const PLACES = 12;

/** Rupiah that may have been meant a thousandfold: a question, which `750,5 rupiah` answers too. */
export const PARTED = "tanya-ribuan";
/** What may be rupiah where millions of it are asked: a question, which `1250000 juta` answers too. */
export const MULTIPLE = "tanya-satuan";

/** `{value}` to hand to the engine ('' is blank), or `{problem}`: the key of what to say; of what is asked about the
    `{number}` too. `rule` is how a number is read in that question, as the server hands it out with the form
    (`odk/money.py`); without it nothing is asked, and no sign of money or unit is known. */
export function read(type, text, rule = null) {
  const typed = text.trim();
  if (!typed) return { value: "" };
  if (type === "int" || type === "decimal") return number(typed, type === "int", rule);
  if (type === "date") return date(typed);
  if (type === "time") return /^\d{2}:\d{2}(:\d{2})?$/.test(typed) ? { value: `${seconds(typed)}.000${offset(new Date())}` } : { problem: "salah-jam" };
  if (type === "dateTime") {
    const [on, at = ""] = typed.split("T");
    if (date(on).problem || !/^\d{2}:\d{2}(:\d{2})?$/.test(at)) return { problem: "salah-tanggal" };
    return { value: `${on}T${seconds(at)}.000${offset(new Date(typed))}` };
  }
  return { value: text };
}

/** The stored text as its control shows it. */
export function show(type, stored) {
  /* The engine writes 12 as 12.0. */
  if (type === "decimal") return stored.replace(/\.0$/, "").replace(".", ",");
  if (type === "date") return stored.slice(0, 10);
  if (type === "time") return stored.slice(0, 5);
  if (type === "dateTime") return stored.slice(0, 16);
  return stored;
}

/** Whether both are one answer. */
export const same = (type, one, other) => one === other || (type === "decimal" && Boolean(one) && Boolean(other) && Number(one) === Number(other));

/** The `rule` of a question: its `unit` ('' of rupiah and of what is no money), and patterns. */
export function ruleOf(said, name) {
  if (!said?.reads) return null;
  const pattern = (text) => new RegExp(text, "i");
  const { gap, marked, sure, counted } = said.reads;
  const unit = said.fields[name] ?? "";
  const { own, noughts } = said.units[unit] ?? {};
  return {
    money: name in said.fields, unit, noughts, heaped: said.heaped, asks: pattern(said.asks), own: own && pattern(own),
    gap: new RegExp(gap, "g"), marked: pattern(marked), sure: pattern(sure), counted: pattern(counted),
  };
}

/** As `answer_of` reads it (`odk/values.py`): the same number, or both ask. */
function number(typed, whole, rule) {
  const { bare, marked, sure } = rule ? amount(typed, rule) : { bare: typed, marked: false, sure: false };
  const money = rule !== null && !rule.unit && (marked || rule.money);
  /* 1.234 is a thousand and more to one, a little over one to another: asked, not guessed. Of rupiah without a fraction
     it is a thousand. 0.500 is no thousands, and no whole number. */
  if (/^[+-]?\d{1,3}\.\d{3}$/.test(bare) && !(whole && money && !/^[+-]?0/.test(bare))) {
    return { problem: !whole ? "salah-titik" : /^[+-]?0/.test(bare) ? "salah-bulat" : "salah-titik-bulat" };
  }
  const grouped = /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/.test(bare);
  const stored = (grouped ? bare.replaceAll(".", "") : bare).replace(",", ".").replace(/^\+(?=\d)/, "");
  if (!/^-?\d+(\.\d+)?$/.test(stored)) return { problem: whole ? "salah-bulat" : "salah-pecahan" };
  const [, , figures, part = ""] = partsOf(stored);
  if (whole ? part.length === 3 && Number(figures) : money && !sure && rule.asks.test(`${figures},${part}`)) {
    return whole ? { problem: "salah-bulat" } : { problem: PARTED, number: stored };
  }
  if (Math.abs(Number(stored)) >= LIMIT) return { problem: "salah-besar" };
  if (part.length > PLACES || (whole && /[^0]/.test(part))) return { problem: whole ? "salah-bulat" : "salah-pecahan" };
  if (rule?.unit && !sure && Math.abs(Number(stored)) >= rule.heaped) return { problem: MULTIPLE, number: stored };
  if (!whole) return { value: stored };
  return isLarge(stored) ? { problem: "salah-besar" } : { value: stored.replace(/\..*/, "") };
}

/** Whether the engine's whole numbers end before it. */
const isLarge = (stored) => Math.abs(Number(stored)) > MOST;

/** Without unit, blanks and sign of money. `Rp 1.250` is a thousand; of millions it is a thousand or one. */
function amount(typed, { gap, marked, sure, counted, own, unit }) {
  const said = typed.replaceAll("\u00a0", " ").replace(gap, "$1");
  const mine = own?.exec(said);
  const text = mine ? mine[1] : said;
  const signed = marked.exec(text);
  const meant = unit ? null : sure.exec(text);
  const found = (signed ?? meant)?.slice(1).find(Boolean);
  if (!found) return { bare: (counted.exec(text)?.[1] ?? text).replaceAll(" ", ""), marked: false, sure: Boolean(mine) };
  const [whole, ...rest] = found.split(",");
  const thousands = !unit && /^[1-9]\d*(\.\d{3})+$/.test(whole);
  const bare = [thousands ? whole.replaceAll(".", "") : whole, ...rest].join(",");
  return { bare, marked: Boolean(signed), sure: Boolean(mine ?? meant) };
}

const partsOf = (stored) => /^(-?)0*(\d+)(?:\.(\d+))?$/.exec(stored ?? "");

/** What `750.5` may be, as people write it (`thousands`, `plain`, and `typed`), and as buttons: `answers` of words and
    what the form stores. */
export function readings(stored) {
  const [, sign, whole, part = ""] = partsOf(stored);
  const rest = part.slice(3).replace(/0+$/, "");
  const large = `${sign}${BigInt(whole + part.slice(0, 3).padEnd(3, "0"))}${rest ? `.${rest}` : ""}`;
  const [thousands, plain] = [written(large), written(`${sign}${whole}.${part}`)];
  return { thousands, typed: show("decimal", large), plain, answers: [[thousands, large], [plain, stored]].map(([words, value]) => [`${words} rupiah`, value]) };
}

/** The same of 1250000 in a question of `unit`, millions: they may be rupiah. A whole number is the nearest one. */
export function heap(stored, { unit, noughts }, whole) {
  const [, sign, figures, part = ""] = partsOf(stored);
  const padded = figures.padStart(noughts + 1, "0");
  const [ones, below] = [padded.slice(0, -noughts), `${padded.slice(-noughts)}${part}`.replace(/0+$/, "")];
  const one = whole ? String(BigInt(ones) + (below >= "5" ? 1n : 0n)) : ones + (below ? `.${below}` : "");
  const rest = part.replace(/0+$/, "");
  const plain = written(`${sign}${figures}${rest ? `.${rest}` : ""}`);
  const rupiah = `${sign}${one}`;
  const answers = [[`${plain} rupiah`, rupiah], [`${plain} ${unit} rupiah`, whole ? stored.replace(/\..*/, "") : stored]];
  return { plain, unit, typed: show("decimal", rupiah), answers: answers.filter(([, value]) => !whole || !isLarge(value)) };
}

/** `1250.5` -> `1.250,5` */
function written(stored) {
  const [whole, part] = stored.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ".") + (part ? `,${part}` : "");
}

function date(typed) {
  const [year, month, on] = typed.split("-").map(Number);
  const real = new Date(Date.UTC(year, month - 1, on));
  const holds = /^\d{4}-\d{2}-\d{2}$/.test(typed) && real.getUTCMonth() === month - 1 && real.getUTCDate() === on;
  return holds ? { value: typed } : { problem: "salah-tanggal" };
}

const seconds = (at) => (at.length === 5 ? `${at}:00` : at);

/** `+07:00` */
function offset(at) {
  const minutes = -at.getTimezoneOffset();
  const two = (number) => String(number).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

/** Hand a stored text to any node that takes one. */
export function give(node, stored) {
  if (node.nodeType === "select") node.selectValues(stored.split(" ").filter(Boolean));
  else if (node.nodeType === "trigger") node.setValue(stored === "OK");
  else if (node.nodeType === "input" || node.nodeType === "range") node.setValue(stored);
}

/** Every node below that one, itself first, in the order of the form. */
export function everyNode(node, found = []) {
  found.push(node);
  for (const child of node.currentState.children ?? []) everyNode(child, found);
  return found;
}

/** `/data/member[2]/age` -> `age` */
export const nameOf = (node) => node.currentState.reference.split("/").pop().replace(/\[\d+\]$/, "");
export const takesText = (node) => ["select", "input", "trigger", "range"].includes(node.nodeType);
