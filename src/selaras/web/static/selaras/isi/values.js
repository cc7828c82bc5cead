/* What is typed, as the form stores it. The engine takes what it cannot read for blank and says nothing: 4.7 people are
   4, 31 February is none, 1,5 is none. So every text is checked here before it goes there. */

const MOST = 2_147_483_647;

/** Rupiah that may have been meant a thousandfold: a question, which `750,5 rupiah` answers too. */
export const PARTED = "tanya-ribuan";

/** `{value}` to hand to the engine ('' is blank), or `{problem}`: the key of what to say. `parted`: which rupiah are asked
    about, where the question is of rupiah; a RegExp of `WHOLE,PART` that the server hands out with the form. */
export function read(type, text, parted = null) {
  const typed = text.trim();
  if (!typed) return { value: "" };
  if (type === "int") return whole(typed);
  if (type === "decimal") return parted ? rupiah(typed, parted) : decimal(typed);
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

function whole(typed) {
  /* 0.500 is no thousands, and no whole number. */
  const digits = /^-?[1-9]\d{0,2}(\.\d{3})+$/.test(typed) ? typed.replaceAll(".", "") : typed;
  if (!/^-?\d+$/.test(digits)) return { problem: "salah-bulat" };
  return Math.abs(Number(digits)) > MOST ? { problem: "salah-besar" } : { value: digits };
}

function decimal(typed) {
  /* 1.234 is a thousand and more to one, a little over one to another: asked, not guessed. */
  if (/^-?\d{1,3}\.\d{3}$/.test(typed)) return { problem: "salah-titik" };
  if (/^-?\d{1,3}(\.\d{3}){2,}$/.test(typed)) return { value: typed.replaceAll(".", "") };
  const point = typed.includes(",") ? typed.replaceAll(".", "").replace(",", ".") : typed;
  const grouped = typed.includes(",") && typed.includes(".") && !/^-?\d{1,3}(\.\d{3})+,\d+$/.test(typed);
  return /^-?\d+(\.\d+)?$/.test(point) && !grouped ? { value: point } : { problem: "salah-pecahan" };
}

function rupiah(typed, parted) {
  const meant = typed.match(/^(.*\S)\s?rupiah$/i);
  if (meant) return decimal(meant[1]);
  const answer = decimal(typed);
  const [, , whole, part = ""] = partsOf(answer.value) ?? [];
  return whole && parted.test(`${whole},${part}`) ? { problem: PARTED } : answer;
}

const partsOf = (stored) => /^(-?)0*(\d+)(?:\.(\d+))?$/.exec(stored ?? "");

/** What `750.5` may be, as the form stores it and as people write it: `thousands` and `plain`. */
export function readings(stored) {
  const [, sign, whole, part = ""] = partsOf(stored);
  const rest = part.slice(3).replace(/0+$/, "");
  const large = `${sign}${BigInt(whole + part.slice(0, 3).padEnd(3, "0"))}${rest ? `.${rest}` : ""}`;
  return { large, small: stored, thousands: written(large), typed: show("decimal", large), plain: written(`${sign}${whole}.${part}`) };
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
