/* What this phone keeps for her: what the server said last, forms and lists, drafts and their photos.
   A draft names the form and the lists that it was begun with, and keeps them until it is sent: an answer is typed under
   the questions that were asked, and a correction says which state of the family it corrects. */
import * as queue from "./queue.js";
import * as store from "./store.js";

const WORK = "/isi/isi.json";
const USER = "selaras-isi-user";
/** Milliseconds before she sees what was kept; that the server has for its answer; and for a file. */
const SHORT = 4_000;
const LONG = 60_000;
const FILE = 120_000;
let known = null;

/** Open what is kept for the person who is signed in; where nobody answers in a moment, for who was last:
    `{known, online, signedOut, none, late, here}`. `known` is null where nothing may be shown: nobody has ever opened
    this page here, or the server says that nobody is signed in. `none` says why there is nothing for her; `late`: the
    answer is still being waited for (`refresh`); `here`: how many forms lie here unsent. */
export async function begin() {
  const asking = update();
  const answer = await within(SHORT, asking);
  if (answer) return answer;
  const user = await lastUser();
  /* Who signed out took all with her. */
  if (!user || !(await store.exists(user))) return asking;
  /* The answer may have come meanwhile, and opened another's. */
  if (!store.user()) await store.open(user);
  known ??= (await store.get("known", "isi")) ?? null;
  if (!known || store.user() !== user) return asking;
  return { known, online: false, signedOut: false, late: true };
}

/** Ask the server again; what it says now. */
export const refresh = () => update();

let running = null;
/** Ask, and take what is said; two who ask at once hear the same. */
const update = () => (running ??= asked().finally(() => { running = null; }));

async function asked() {
  const answer = await ask(WORK + location.search);
  const told = answer.user ?? answer.said?.user ?? null;
  const user = told ?? (await lastUser());
  if (told) localStorage.setItem(USER, told);
  /* Somebody else has signed in since this page was opened. */
  if (told && store.user() && store.user() !== told) return gone();
  if (!user || (!answer.said && !(await store.exists(user)))) return { ...answer, known: null };
  await store.open(user);
  if (answer.said) await take(answer.said);
  else if (told) await empty();
  if (answer.signedOut) return { ...answer, known: null, here: (await queue.waiting()) + (await unfinished()) };
  known ??= (await store.get("known", "isi")) ?? null;
  return { ...answer, known };
}

function gone() {
  location.reload();
  return new Promise(() => {});
}

/** Who was here last, as far as anybody has said. A browser writes down late what stands in localStorage, its databases
    at once: after a kill one database alone says it too, unless somebody has signed out. */
async function lastUser() {
  const said = localStorage.getItem(USER);
  if (said !== null) return said || null;
  const names = indexedDB.databases ? (await indexedDB.databases()).map((each) => each.name) : [];
  const users = names.filter((name) => /^selaras-[0-9a-f]{8}-/.test(name));
  return users.length === 1 ? users[0].slice("selaras-".length) : null;
}

/** She has signed out: what another keeps here is not opened by who comes next. */
export const forgetLast = () => localStorage.setItem(USER, "");

/** `{online, signedOut, said, user, none}`: said is null where there was no answer, or none for her; then `none` is why
    and `user` who she is. That nobody is signed in the server says in its own words: a page of the network's, which
    leads elsewhere or says no, is as good as no network, and takes her list from nobody. */
async function ask(url) {
  try {
    const response = await fetch(url, { headers: { accept: "application/json" }, redirect: "manual", cache: "no-store", signal: clock(LONG) });
    if (response.status === 401 && (await response.json()).why === "sign_in") return { online: true, signedOut: true, said: null };
    if (response.status === 404) {
      const { said, user } = await response.json();
      return { online: true, signedOut: false, said: null, none: said, user };
    }
    return { online: response.ok, signedOut: false, said: response.ok ? await response.json() : null };
  } catch {
    return { online: false, signedOut: false, said: null };
  }
}

/** Ends a request after so many milliseconds; AbortSignal.timeout came to phones late. */
function clock(milliseconds) {
  const ender = new AbortController();
  setTimeout(() => ender.abort(), milliseconds);
  return ender.signal;
}

const within = (milliseconds, work) => Promise.race([work, new Promise((resolve) => setTimeout(resolve, milliseconds))]);

/** What the server says now takes the place of what it said before once every form and list that it names is here: after
    a cut she goes on with those that she has. */
async function take(said) {
  const next = { ...said, at: Date.now(), whole: await fetchAll(said) };
  const before = (await store.get("known", "isi")) ?? null;
  if (!next.whole && before?.whole && before.user === next.user) {
    known = before;
    return;
  }
  known = next;
  await keep("known", "isi", known);
  if (!next.whole) return;
  if (said.last) {
    const last = await ask(said.last);
    if (last.said) await keep("known", "last", last.said);
  }
  await sweep();
}

/** A full phone still shows what the server says. */
async function keep(kind, id, value) {
  try {
    await store.put(kind, id, value);
  } catch (error) {
    if (!(error instanceof store.FullError)) throw error;
    console.warn("no room", kind, error);
  }
}

/** She is signed in and nothing is hers to fill in any more: families, forms and answers go. What she has not sent stays,
    to be sent or saved; with what it is signed with. */
async function empty() {
  const { seal, chunk } = (await store.get("known", "isi")) ?? {};
  known = { user: store.user(), forms: [], families: [], seal, chunk, at: Date.now() };
  await keep("known", "isi", known);
  await store.remove("known", "last");
  await sweep();
}

/** Each form and list that is not here yet; whether all are here now. */
async function fetchAll({ forms }) {
  let whole = true;
  for (const form of forms) {
    whole = (await once("form", formKey(form), form.xml)) && whole;
    for (const list of form.lists) whole = (await once("list", listKey(list), list.url)) && whole;
  }
  return whole;
}

async function once(kind, key, url) {
  if (await store.get(kind, key)) return true;
  try {
    const response = await fetch(url, { redirect: "manual", cache: "no-store", signal: clock(FILE) });
    /* A page of the network's kept as a form would stand here for good. */
    const ours = response.ok && !(response.headers.get("Content-Type") ?? "text/html").startsWith("text/html");
    if (ours) await store.put(kind, key, { key, text: await response.text() });
    return ours;
  } catch {
    /* The next time that there is a signal, or room. */
    return false;
  }
}

/** Forms and lists that nothing here needs any more go. */
async function sweep() {
  const drafts = await allDrafts();
  /* One that cannot be read now may need any of them. */
  if (drafts.length < (await store.count("draft"))) return;
  const needed = new Set([...known.forms, ...drafts.map((draft) => draft.form)].flatMap((form) => [formKey(form), ...form.lists.map(listKey)]));
  for (const kind of ["form", "list"]) {
    for (const each of await store.all(kind)) if (!needed.has(each.key)) await store.remove(kind, each.key);
  }
  await sweepFiles();
}

/** Photos that no draft names go: the phone died between the two. Those of a draft that is open are left: one is kept
    before its draft names it. */
async function sweepFiles() {
  if (!navigator.locks) return;
  for (const key of await store.ids("file")) {
    const id = key.split(" ", 1)[0];
    await navigator.locks.request(draftLock(id), { ifAvailable: true }, async (free) => {
      if (free && !(await draft(id))?.files.some(({ name }) => key === fileKey(id, name))) await store.remove("file", key);
    });
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

/** How many drafts lie here, also those that cannot be read. */
export const unfinished = () => store.count("draft");

/** The draft, then its photos: a phone that dies between leaves photos that `sweep` takes, not a finished draft without. */
export async function dropDraft(each) {
  await store.remove("draft", each.id);
  for (const file of each.files) await store.remove("file", fileKey(each.id, file.name));
}

/** Who holds it writes of that draft and its photos, alone. */
export const draftLock = (id) => `selaras-draf-${id}`;
const fileKey = (id, name) => `${id} ${name}`;
export const saveFile = (id, name, blob) => store.put("file", fileKey(id, name), blob);
export const file = (id, name) => store.get("file", fileKey(id, name));
export const dropFile = (id, name) => store.remove("file", fileKey(id, name));
export const persisted = () => store.persisted();
export const isFull = (error) => error instanceof store.FullError;
