/* What one person keeps in this browser: one database of IndexedDB for each, every value sealed with AES-256-GCM.
   The key lies in the same database and cannot be read out of it by any script: it outlives a kill and a battery, works
   without a network, and goes with the database when she signs out. What that protects from, and what not, says
   docs/offline.md. Where the browser keeps nothing, values are held in memory and `persisted()` says `none`; where
   something lies here that cannot be read now, `open` throws: it must not look like nothing. */

const KEYS = "keys";
const VALUES = "values";
const MARK = "selaras-";
/** Milliseconds that other tabs have to let go of it. */
const PATIENCE = 8_000;
const STRICT = { durability: "strict" };

let db = null;
let key = null;
let who = "";
let memory = null;
let full = false;
let turn = Promise.resolve();

/** The browser has no room left, or refuses to keep more. */
export class FullError extends Error {}

/** What she keeps here cannot be read now; it is still there. */
export class ClosedError extends Error {}

/** Open what that person keeps here; another's is never touched. Opened twice, it stays open. Throws ClosedError. */
export function open(user) {
  turn = turn.catch(() => {}).then(() => openFor(user));
  return turn;
}

async function openFor(user) {
  if (who === user && (db || memory)) return;
  close();
  const listed = await isListed(user);
  let fault = null;
  try {
    db = await twice(() => database(MARK + user));
    key = await theKey();
    await inspect();
  } catch (error) {
    fault = error;
  }
  if (fault && !(await readable())) {
    const there = db ? await holds() : listed;
    close();
    if (there) throw new ClosedError("what is kept here cannot be read now", { cause: fault });
    console.warn("nothing is kept here", fault);
    memory = new Map();
  }
  /* What lies here can be read and taken away, but nothing more can be put beside it. */
  full = Boolean(fault && db);
  who = user;
}

const isListed = async (user) => Boolean(globalThis.indexedDB?.databases) && exists(user);

/** What fails in one moment (another tab lets go of it, the browser is just starting) may work in the next. */
async function twice(act) {
  try {
    return await act();
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return act();
  }
}

const readable = async () => Boolean(db && key) && holds();

/** Whether anything lies in it; where that cannot be asked, something does. */
async function holds() {
  try {
    return (await asked(db.transaction(VALUES).objectStore(VALUES).count())) > 0;
  } catch {
    return true;
  }
}

/** Whose it is; '' before `open`. */
export const user = () => who;

/** Close it; nothing is lost. */
export function close() {
  db?.close();
  db = key = memory = null;
  full = false;
  who = "";
}

/** Keep a value (JSON, and Blobs anywhere in it) under that kind and id. It is on disk when this resolves. */
export async function put(kind, id, value) {
  if (memory) return void memory.set(place(kind, id), { kind, id, value });
  const row = { kind, id, ...(await seal(await packed(value), place(kind, id))) };
  try {
    await done(db.transaction(VALUES, "readwrite", STRICT), (store) => store.put(row));
  } catch (error) {
    if (error?.name === "QuotaExceededError") throw new FullError("QuotaExceededError", { cause: error });
    throw error;
  }
}

/** The value; undefined where there is none. */
export async function get(kind, id) {
  if (memory) return memory.get(place(kind, id))?.value;
  const row = await asked(db.transaction(VALUES).objectStore(VALUES).get([kind, id]));
  return row && unpacked(await unseal(row, place(kind, id)));
}

/** Every value of that kind, in the order of their ids. */
export async function all(kind) {
  if (memory) return [...memory.values()].filter((row) => row.kind === kind).map((row) => row.value);
  const range = IDBKeyRange.bound([kind], [kind, []]);
  const rows = await asked(db.transaction(VALUES).objectStore(VALUES).getAll(range));
  const found = [];
  for (const row of rows) {
    try {
      found.push(unpacked(await unseal(row, place(kind, row.id))));
    } catch (error) {
      /* One that cannot be opened does not hide the others. */
      console.error("cannot be opened", kind, row.id, error);
    }
  }
  return found;
}

/** How many there are of that kind, also of those that cannot be opened. */
export async function count(kind) {
  if (memory) return [...memory.values()].filter((row) => row.kind === kind).length;
  return asked(db.transaction(VALUES).objectStore(VALUES).count(IDBKeyRange.bound([kind], [kind, []])));
}

/** The ids of that kind. */
export async function ids(kind) {
  if (memory) return [...memory.values()].filter((row) => row.kind === kind).map((row) => row.id);
  const found = await asked(db.transaction(VALUES).objectStore(VALUES).getAllKeys(IDBKeyRange.bound([kind], [kind, []])));
  return found.map(([, id]) => id);
}

export async function remove(kind, id) {
  if (memory) return void memory.delete(place(kind, id));
  await done(db.transaction(VALUES, "readwrite", STRICT), (store) => store.delete([kind, id]));
}

/** Forget all that this person keeps here, and the key: what a copy of the disk still holds opens no more. Other tabs
    hear `selaras-signed-out`. Throws where it is not gone in time: another page holds it. */
export async function wipe(user = who) {
  const kept = !memory;
  close();
  if (kept && user) await forget(MARK + user);
}

/** Whether that person keeps anything here. Makes nothing. */
export async function exists(user) {
  if (!globalThis.indexedDB) return false;
  if (!indexedDB.databases) return true;
  return (await indexedDB.databases()).some((each) => each.name === MARK + user);
}

/** `full`: what is there can be read, nothing more can be put; `yes`: kept until she clears it; `no`: may be cleared when space runs out, and nobody can ask; `denied`: the browser
    was asked and did not promise; `none`: nothing outlives this page. */
export async function persisted() {
  if (!db) return "none";
  if (full) return "full";
  if (!navigator.storage?.persist) return "no";
  if (await navigator.storage.persisted()) return "yes";
  return (await navigator.storage.persist()) ? "yes" : "denied";
}

// --- the database -----------------------------------------------------------------------------------------------------

function database(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEYS);
      request.result.createObjectStore(VALUES, { keyPath: ["kind", "id"] });
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    request.onsuccess = () => {
      /* Another tab signs out: let go, or its wiping waits for this page. */
      request.result.onversionchange = () => {
        request.result.close();
        if (db !== request.result) return;
        close();
        globalThis.dispatchEvent(new Event("selaras-signed-out"));
      };
      resolve(request.result);
    };
  });
}

function forget(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    /* Other tabs let go on their own; one that hangs does not. */
    setTimeout(() => reject(new Error("another page holds it")), PATIENCE);
  });
}

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const done = (transaction, act) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    act(transaction.objectStore(transaction.objectStoreNames[0]));
  });

/** Her key; made where there is none. Two tabs that begin at once end with the same. */
async function theKey() {
  const there = await asked(db.transaction(KEYS).objectStore(KEYS).get("key"));
  if (there) return there;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await done(db.transaction(KEYS, "readwrite", STRICT), (store) => store.add(fresh, "key"));
    return fresh;
  } catch {
    return asked(db.transaction(KEYS).objectStore(KEYS).get("key"));
  }
}

/** Whether it really keeps: some browsers open a database in which nothing can be written. */
async function inspect() {
  await put("inspect", "1", { works: true });
  if (!(await get("inspect", "1"))?.works) throw new Error("it does not keep");
  await remove("inspect", "1");
}

// --- sealing ----------------------------------------------------------------------------------------------------------

const place = (kind, id) => `${kind}\n${id}`;

/** A value moved to another place does not open there. */
async function seal(bytes, where) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(where);
  return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, bytes) };
}

async function unseal(row, where) {
  const additionalData = new TextEncoder().encode(where);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData }, key, row.sealed));
}

/** Four bytes of length, the value as JSON, then the bytes of its Blobs one after another. */
async function packed(value) {
  const blobs = [];
  const take = (each) => {
    if (!(each instanceof Blob)) return each;
    blobs.push(each);
    return { "\u0000blob": blobs.length - 1, size: each.size, type: each.type, name: each.name };
  };
  /* `toJSON` of what stands in a Blob's place would come too late: walk it first. */
  const walk = (each) => {
    const plain = take(each);
    if (plain !== each || each === null || typeof each !== "object") return plain;
    if (Array.isArray(each)) return each.map(walk);
    if (Object.getPrototypeOf(each) !== Object.prototype) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  const text = new TextEncoder().encode(JSON.stringify(walk(value) ?? null));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, text.length);
  return new Uint8Array(await new Blob([length.buffer, text, ...blobs]).arrayBuffer());
}

function unpacked(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  let at = 4 + length;
  const value = JSON.parse(new TextDecoder().decode(bytes.subarray(4, at)));
  const waiting = [];
  const walk = (each) => {
    if (each === null || typeof each !== "object") return each;
    if (Array.isArray(each)) return each.map(walk);
    if ("\u0000blob" in each) return void waiting.push(each) ?? each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  const walked = walk(value);
  const made = new Map();
  for (const each of waiting.sort((one, other) => one["\u0000blob"] - other["\u0000blob"])) {
    const part = bytes.slice(at, (at += each.size));
    made.set(each, each.name ? new File([part], each.name, { type: each.type }) : new Blob([part], { type: each.type }));
  }
  const fill = (each) => {
    if (made.has(each)) return made.get(each);
    if (each === null || typeof each !== "object") return each;
    if (Array.isArray(each)) return each.map(fill);
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, fill(inner)]));
  };
  return made.size ? fill(walked) : walked;
}
