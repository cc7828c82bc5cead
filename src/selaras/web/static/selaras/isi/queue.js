/* The one queue: what is finished here goes to /kirim/<uuid>, whatever kind it is, as soon as it can, once.
   An item keeps its bytes until the server says that it has them, and some days longer where there is room. One that fails waits and lets the others pass; of
   several tabs one sends. Nothing here knows what a form is. */
import * as store from "./store.js";

const KIND = "queue";
const LOCK = "selaras-kirim";
/** Bytes of one request at most, where nobody says otherwise; with how many one begins, and the fewest. */
const CHUNK = 512 * 1024;
const FIRST = 128 * 1024;
const FEWEST = 16 * 1024;
/** How long a request may take before it counts as cut; how long one should take, so that little is sent twice. */
const PATIENCE = 120_000;
const BRISK = 4_000;
const SLOW = 20_000;
/** The first wait after a failure, and the longest, in milliseconds. */
const SOON = 5_000;
const LATER = 15 * 60_000;
/** What was sent stays on the list so long; what is held, until the server says something else. */
const REMEMBERED = 14 * 24 * 3600_000;
/** What has arrived is kept so long where there is room: a server that was set back to a backup gets it again. */
const SPARE = 3 * 24 * 3600_000;
const ROOM = 500_000_000;
const ENDING = ".selaras";

const listeners = new Set();
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(LOCK) : null;
channel?.addEventListener("message", () => tell());

/** Put a finished item in: `{uuid, kind, title, about, parts: [{name, type, blob}]}`. It is on disk when this resolves.
    The same uuid again replaces what waits under it. */
export async function add({ uuid, kind, title = "", about = "", parts }) {
  const listed = [];
  for (const part of parts) listed.push({ name: part.name, type: part.type, size: part.blob.size, sha256: await sha256(await part.blob.arrayBuffer()) });
  const head = JSON.stringify({ kind, parts: listed });
  const digest = await sha256(new TextEncoder().encode(head));
  const blob = new Blob([head, "\n", ...parts.map((part) => part.blob)]);
  const headed = blob.size - parts.reduce((sum, part) => sum + part.blob.size, 0);
  await withItem(uuid, async () => {
    await store.put(`${KIND}-bytes`, uuid, blob);
    await save({ uuid, kind, title, about, digest, head: headed, size: blob.size, state: "waiting", said: "", tries: 0, at: Date.now() });
  });
}

/** `[{uuid, kind, title, about, state, said, tries, at, arrived, size}]`, what waits first. */
export async function list() {
  const order = { sending: 0, waiting: 1, failed: 2, refused: 2, held: 3, sent: 4 };
  const items = await every();
  return items.sort((one, other) => order[one.state] - order[other.state] || other.at - one.at);
}

/** How many are not with the server yet; one that cannot be read may be any of them. */
export async function waiting() {
  const items = await every();
  return items.filter(isWaiting).length + Math.max(0, (await store.count(KIND)) - items.length);
}

/** What could not be written down on a full phone: it is known as long as this page is open. */
const unsaved = new Map();
const newest = (item) => (item && unsaved.get(item.uuid)?.digest === item.digest ? unsaved.get(item.uuid) : item);
const one = async (uuid) => newest(await store.get(KIND, uuid));
const every = async () => (await store.all(KIND)).map(newest);

/** No two tabs write of one item at once: its bytes and its line are of one making. */
const withItem = (uuid, act) => (navigator.locks ? navigator.locks.request(`${LOCK}-${uuid}`, act) : act());

/** `fn` is called whenever something has changed, in another tab too; returns what ends that. */
export function onchange(fn) {
  listeners.add(fn);
  return () => listeners.delete(fn);
}

/** Try that one now, also where the server has refused it. */
export async function retry(uuid) {
  const item = await one(uuid);
  if (item && isWaiting(item)) await note(item, { state: "waiting", said: "", next: 0 });
  await send({ now: true });
}

let running = null;
/** Send what is due; `now`: what waits after a failure too. Resolves when nothing more can be done at the moment. */
export function send({ now = true } = {}) {
  running ??= alone(() => round(now)).finally(() => {
    running = null;
    plan();
  });
  return running;
}

/** One tab at a time; a tab that finds another sending leaves it to that. */
function alone(act) {
  if (!navigator.locks) return act();
  return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? act() : undefined));
}

async function round(now) {
  const user = store.user();
  if (!user) return;
  await settle();
  for (const { uuid } of (await every()).sort((first, second) => first.at - second.at)) {
    /* As it stands now: she may have signed out, or another tab may have sent it. */
    const item = store.user() === user ? await one(uuid) : undefined;
    if (!item || !isDue(item, now)) continue;
    const stop = await deliver(item);
    if (stop) return;
  }
  if (store.user() === user) await ask();
  if (store.user() === user) await tidy();
}

export const isWaiting = (item) => item.state === "waiting" || item.state === "sending" || item.state === "failed" || item.state === "refused";
const isDue = (item, now) => (item.state === "waiting" || item.state === "failed") && (now || (item.next ?? 0) <= Date.now());

/** A tab that died while it was sending. */
async function settle() {
  for (const item of await every()) if (item.state === "sending") await note(item, { state: "waiting" });
}

/** Send one; true where it makes no sense to go on with the others now: no network, or nobody is signed in. */
async function deliver(item) {
  await note(item, { state: "sending", said: "" });
  let answer;
  try {
    answer = await whole(item);
  } catch (error) {
    if (!(error instanceof CutError)) console.error(error);
    await note(item, later(item, error instanceof CutError ? "" : String(error)));
    return error instanceof CutError;
  }
  const tries = item.tries + 1;
  if (answer.state === "sent" || answer.state === "held") {
    await note(item, { state: answer.state, said: answer.said, at: Date.now(), tries, asked: Date.now() }, { taken: true });
    return false;
  }
  if (answer.state === "refused") {
    await note(item, { state: "refused", said: answer.said, tries });
    return false;
  }
  await note(item, later(item, answer.said));
  return answer.why === "sign_in" || answer.why === "other";
}

/** Write what became of it, unless other bytes have taken its place meanwhile: of those nothing was said. `taken`: where
    there is little room its bytes go first, so that this can be written down. What a full phone cannot write down keeps nothing from being sent. */
function note(item, changes, { taken = false, quiet = false } = {}) {
  return withItem(item.uuid, async () => {
    const now = store.user() ? await one(item.uuid) : null;
    if (now?.digest !== item.digest) return;
    try {
      if (taken && !(await isRoomy())) await store.remove(`${KIND}-bytes`, item.uuid);
      await save({ ...now, ...changes }, { quiet });
    } catch (error) {
      console.warn("not written down", item.uuid, error);
      cramped = true;
      unsaved.set(item.uuid, { ...now, ...changes });
      tell();
    }
  });
}

/** Failed: again after a wait that doubles, a little apart from others that failed in the same moment. */
function later(item, said) {
  const tries = item.tries + 1;
  const wait = Math.min(SOON * 2 ** Math.min(tries - 1, 10), LATER) * (0.75 + Math.random() / 2);
  return { state: said ? "failed" : "waiting", said, tries, next: Date.now() + wait };
}

/** Bytes of the next request: more while they go quickly, fewer after a cut. */
let pace = FIRST;
/** More than so many something between has refused. */
let most = CHUNK;

/** The connection ended before an answer came. */
class CutError extends Error {}

/** Ask what has arrived, send the rest piece by piece; the last answer. Throws CutError. */
async function whole(item) {
  const chunk = (await store.get("known", "isi"))?.chunk ?? CHUNK;
  let answer = await call(item, "GET");
  /* A phone that died after the answer and before it was written down has no bytes left, and needs none. */
  if (answer.state !== "partial") return answer;
  const blob = await bytesOf(item);
  let again = 0;
  while (answer.state === "partial") {
    const token = answer.token;
    const start = answer.arrived <= blob.size ? answer.arrived : 0;
    /* The head goes whole: the server looks at it before it keeps anything. */
    const end = Math.min(Math.max(start + Math.min(pace, chunk), item.head ?? 0), blob.size);
    const range = end > start ? `bytes ${start}-${end - 1}/${blob.size}` : `bytes */${blob.size}`;
    const headers = { "Content-Range": range, "X-CSRFToken": token, "Content-Type": "application/octet-stream" };
    answer = await timed(() => call(item, "PUT", headers, blob.slice(start, end)));
    /* An old page's token, a piece that was cut, or one too large for something between: ask anew where it stands. */
    if (isTooLarge(answer) && end - start > Math.max(FEWEST, item.head ?? 0)) answer = await call(item, "GET");
    else if (answer.why === "token" || answer.status === 400) answer = (again += 1) > 3 ? answer : await call(item, "GET");
    else if (answer.state === "partial" && answer.arrived <= start && (again += 1) > 3) return { ...answer, state: "failed", said: "" };
    if (answer.state === "partial") await note(item, { state: "sending", arrived: answer.arrived });
  }
  return answer;
}

let cramped = false;
async function isRoomy() {
  if (cramped || !navigator.storage?.estimate) return false;
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  return quota - usage > ROOM;
}

/** Bytes go that no line names (the phone died between the two), and those that the server has had long enough. */
async function tidy() {
  if ((await every()).length < (await store.count(KIND))) return;
  const roomy = await isRoomy();
  for (const uuid of await store.ids(`${KIND}-bytes`)) {
    await withItem(uuid, async () => {
      const item = await one(uuid);
      const needed = item && (isWaiting(item) || (roomy && Date.now() - item.at < SPARE));
      if (!needed) await store.remove(`${KIND}-bytes`, uuid);
    });
  }
}

/** The bytes that its digest names. */
function bytesOf(item) {
  return withItem(item.uuid, async () => {
    if ((await one(item.uuid))?.digest !== item.digest) throw new CutError("other bytes took its place");
    const blob = await store.get(`${KIND}-bytes`, item.uuid);
    if (!blob) throw new Error("its bytes are gone");
    return blob;
  });
}

/** Said by a proxy; ours says `refused`. */
const isTooLarge = ({ state, status }) => state === "failed" && status === 413;

async function timed(act) {
  const began = performance.now();
  try {
    const answer = await act();
    const took = performance.now() - began;
    if (isTooLarge(answer)) most = pace /= 2;
    else if (took < BRISK) pace *= 2;
    else if (took > SLOW) pace /= 2;
    return answer;
  } catch (error) {
    pace /= 2;
    throw error;
  } finally {
    pace = Math.max(FEWEST, Math.round(Math.min(most, pace)));
  }
}

/** Ask, or send a piece; what the server says of these bytes. Throws CutError. */
async function call(item, method, headers = {}, body = undefined) {
  /* AbortSignal.timeout came to phones late. */
  const ender = new AbortController();
  const clock = setTimeout(() => ender.abort(), PATIENCE);
  try {
    const response = await fetch(`/kirim/${item.uuid}`, {
      method,
      body,
      headers: { "Selaras-User": store.user(), "Selaras-Digest": item.digest, Accept: "application/json", ...headers },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: ender.signal,
    });
    return await said(response);
  } catch (error) {
    throw new CutError(String(error));
  } finally {
    clearTimeout(clock);
  }
}

/** The answer; what is no JSON came from something between: a proxy that says no (`said` is its status), which holds up
    this item alone, or a login page of the network, which is as good as no network. */
async function said(response) {
  try {
    const answer = await response.json();
    return { ...answer, status: response.status, token: response.headers.get("Selaras-Token") ?? "" };
  } catch (error) {
    if (response.status >= 400) return { state: "failed", said: `${response.status}`, status: response.status };
    throw new CutError(String(error));
  }
}

/** News of what is held, and forgetting what was sent long ago. */
async function ask() {
  for (const item of await every()) {
    if (item.state === "sent" && Date.now() - item.at > REMEMBERED) await store.remove(KIND, item.uuid);
    const fresh = Date.now() - item.at < 24 * 3600_000;
    const curious = item.state === "held" || (item.state === "sent" && Date.now() - item.at < SPARE);
    if (!curious || Date.now() - (item.asked ?? 0) < (fresh ? 60_000 : 6 * 3600_000)) continue;
    try {
      const answer = await call(item, "GET");
      /* A server that was set back to an older backup knows nothing of it. */
      if (answer.state === "partial" && (await store.ids(`${KIND}-bytes`)).includes(item.uuid)) await note(item, { state: "waiting", said: "", next: 0 });
      if (answer.state !== "sent" && answer.state !== "held") continue;
      const quiet = answer.state === item.state && answer.said === item.said;
      await note(item, { state: answer.state, said: answer.said, asked: Date.now() }, { quiet });
    } catch {
      return;
    }
  }
}

// --- when -------------------------------------------------------------------------------------------------------------

let timer = 0;
/** The next try of what failed. */
async function plan() {
  clearTimeout(timer);
  if (!store.user()) return;
  const times = (await every()).filter((item) => item.state === "waiting" || item.state === "failed").map((item) => item.next ?? 0);
  if (!times.length) return;
  timer = setTimeout(() => send({ now: false }), Math.max(1_000, Math.min(...times) - Date.now()));
}

globalThis.addEventListener?.("online", () => store.user() && send());
globalThis.document?.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && store.user()) send({ now: false });
});

async function save(item, { quiet = false } = {}) {
  await store.put(KIND, item.uuid, item);
  unsaved.delete(item.uuid);
  if (quiet) return;
  tell();
  channel?.postMessage("");
}

function tell() {
  for (const each of listeners) each();
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((each) => each.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// --- a file instead ---------------------------------------------------------------------------------------------------

/** All that is not with the server, as a file that this server alone can open: whoever finds it reads nothing. It is
    brought in at /kiriman/berkas/, as often as one likes; signed, so that it is hers whoever brings it. */
export async function exportFile() {
  const { box } = await import("/isi/kotak.js");
  const seal = (await store.get("known", "isi"))?.seal;
  const lines = [];
  for (const item of (await every()).filter(isWaiting)) {
    const blob = await store.get(`${KIND}-bytes`, item.uuid);
    if (!blob) continue;
    const sealed = await boxed(box, await new Blob([blob]).arrayBuffer(), item.uuid);
    const mac = seal ? await signed(seal, `selaras parcel\n${item.uuid}\n${item.digest}`) : undefined;
    const line = { uuid: item.uuid, at: item.at, size: sealed.bytes.byteLength, iv: sealed.iv, from: sealed.from, mac };
    lines.push(JSON.stringify(line), "\n", sealed.bytes, "\n");
  }
  const head = JSON.stringify({ selaras: 1, user: store.user(), box: box.id, seal: seal?.id, made: new Date().toISOString() });
  const name = `isian-${new Date().toISOString().slice(0, 10)}${ENDING}`;
  return new File([head, "\n", ...lines], name, { type: "application/octet-stream" });
}

/** HMAC-SHA-256 with the secret that the server shares with her browsers. */
async function signed(seal, text) {
  const key = await crypto.subtle.importKey("raw", decoded(seal.key), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}

/** ECDH P-256 with a key of this moment, HKDF-SHA-256, AES-256-GCM; bound to the item's number. */
async function boxed(box, bytes, uuid) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", decoded(box.key), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const from = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("selaras parcel");
  const key = await crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: from, info }, material, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(uuid);
  return { bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, bytes), iv: encoded(iv), from: encoded(from) };
}

const encoded = (bytes) => btoa(String.fromCharCode(...bytes));
const decoded = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
