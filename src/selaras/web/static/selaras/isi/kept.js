/* What this phone keeps for her: what the server said last, forms and lists, drafts and their photos.
   A draft names the form and the lists that it was begun with, and keeps them until it is sent: an answer is typed under
   the questions that were asked, and a correction says which state of the family it corrects. */
import * as store from "./store.js";

const WORK = "/isi/isi.json";
const USER = "selaras-isi-user";
let known = null;

/** Open what is kept for the person who is signed in, else for who was last: `{known, online, signedOut, none}`.
    `known` is null where nobody has ever opened this page here; `none` says why there is nothing for her. */
export async function begin() {
  const answer = await ask(WORK + location.search);
  const user = answer.said?.user ?? (await lastUser());
  /* Who signed out took all with her. */
  if (!user || (!answer.said && !(await store.exists(user)))) return { known: null, ...answer };
  await store.open(user);
  if (answer.said) {
    localStorage.setItem(USER, user);
    known = { ...answer.said, at: Date.now() };
    await store.put("known", "isi", known);
    await fetchAll();
  }
  known ??= (await store.get("known", "isi")) ?? null;
  return { known, ...answer };
}

/** Who was here last. A browser writes down late what stands in localStorage, its databases at once: after a kill one
    database alone says it too. */
async function lastUser() {
  const said = localStorage.getItem(USER);
  if (said) return said;
  const names = indexedDB.databases ? (await indexedDB.databases()).map((each) => each.name) : [];
  const users = names.filter((name) => /^selaras-[0-9a-f]{8}-/.test(name));
  return users.length === 1 ? users[0].slice("selaras-".length) : null;
}

/** Ask the server again; what it says now. */
export async function refresh() {
  const answer = await ask(WORK + location.search);
  if (answer.said && known && answer.said.user !== known.user) {
    /* Somebody else has signed in since this page was opened. */
    location.reload();
    return { known, ...answer };
  }
  if (answer.said) {
    known = { ...answer.said, at: Date.now() };
    await store.put("known", "isi", known);
    await fetchAll();
  }
  return { known, ...answer };
}

/** `{online, signedOut, said, none}`: said is null where there was no answer, or none for her; `none` is why. */
async function ask(url) {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", cache: "no-store" });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return { online: true, signedOut: true, said: null };
    if (response.status === 404) return { online: true, signedOut: false, said: null, none: (await response.json()).said };
    return { online: response.ok, signedOut: false, said: response.ok ? await response.json() : null };
  } catch {
    return { online: false, signedOut: false, said: null };
  }
}

/** Each form and list that is not here yet, and the answers of the last round. A cut leaves what was there. */
async function fetchAll() {
  for (const form of known.forms) {
    await once("form", formKey(form), form.xml);
    for (const list of form.lists) await once("list", listKey(list), list.url);
  }
  if (known.last) {
    const answer = await ask(known.last);
    if (answer.said) await store.put("known", "last", answer.said);
  }
  await sweep();
}

async function once(kind, key, url) {
  if (await store.get(kind, key)) return;
  try {
    const response = await fetch(url, { redirect: "manual", cache: "no-store" });
    if (response.ok) await store.put(kind, key, { key, text: await response.text() });
  } catch {
    /* The next time that there is a signal. */
  }
}

/** Forms and lists that nothing here needs any more go. */
async function sweep() {
  const drafts = await allDrafts();
  const needed = new Set([...known.forms, ...drafts.map((draft) => draft.form)].flatMap((form) => [formKey(form), ...form.lists.map(listKey)]));
  for (const kind of ["form", "list"]) {
    for (const each of await store.all(kind)) if (!needed.has(each.key)) await store.remove(kind, each.key);
  }
}

export const formKey = (form) => `${form.form_id} ${form.version}`;
const listKey = (list) => `${list.name} ${list.hash}`;

/** The XForm's text; null where it was never fetched. */
export async function formText(form) {
  return (await store.get("form", formKey(form)))?.text ?? null;
}

/** Name -> CSV of the lists that the form was begun with; a missing one is absent. */
export async function listsOf(form) {
  const found = new Map();
  for (const list of form.lists) {
    const kept = await store.get("list", listKey(list));
    if (kept) found.set(list.name, kept.text);
  }
  return found;
}

/** What the last round says of that family: `{field: value, _date}`, null where nothing is known. */
export async function lastOf(family) {
  const said = (await store.get("known", "last"))?.[family];
  if (!said || !Object.keys(said).length) return null;
  const asked = (await store.get("known", "isi"))?.families.find((each) => each.uuid === family)?.asked;
  return { ...said, _date: asked ?? "" };
}

// --- drafts: {id, form, xml, hidden, files: [{name, note}], earlier: [reference], about, language, at, done} -------

export async function allDrafts() {
  return (await store.all("draft")).sort((one, other) => other.at - one.at);
}

export const draft = (id) => store.get("draft", id);
export const saveDraft = (each) => store.put("draft", each.id, { ...each, at: Date.now() });

/** The draft and its photos. */
export async function dropDraft(each) {
  for (const file of each.files) await store.remove("file", fileKey(each.id, file.name));
  await store.remove("draft", each.id);
}

const fileKey = (id, name) => `${id} ${name}`;
export const saveFile = (id, name, blob) => store.put("file", fileKey(id, name), blob);
export const file = (id, name) => store.get("file", fileKey(id, name));
export const dropFile = (id, name) => store.remove("file", fileKey(id, name));
export const persisted = () => store.persisted();
export const isFull = (error) => error instanceof store.FullError;
