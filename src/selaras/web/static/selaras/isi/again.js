/* What the server refused: thrown away, or opened again as the draft that it was. */
import * as kept from "./kept.js";
import * as store from "./store.js";

const KIND = "again";
const XML = "xml_submission_file";

/** What the queue does not know of a form and opening it again needs. Written before it goes there. */
export const remember = ({ id, form, about, language, files }) => store.put(KIND, id, { id, form, about, language, files });

/** Numbers of those that can be opened again. What is no longer refused or waiting is forgotten. */
export async function known(items) {
  const stands = new Map(items.map((item) => [item.uuid, item.state]));
  const found = new Set();
  for (const { id } of await store.all(KIND)) {
    if (!stands.has(id) || stands.get(id) === "sent" || stands.get(id) === "held") await store.remove(KIND, id);
    else found.add(id);
  }
  return found;
}

/** It goes from here for good, with its photos. */
export async function discard(uuid) {
  await store.remove("queue-bytes", uuid);
  await store.remove("queue", uuid);
  await store.remove(KIND, uuid);
}

/** Make the draft that it was from the bytes that wait; they leave the queue. The draft's number. */
export async function reopen(uuid) {
  return navigator.locks ? navigator.locks.request(kept.draftLock(uuid), () => restore(uuid)) : restore(uuid);
}

async function restore(uuid) {
  const { files, ...draft } = await store.get(KIND, uuid);
  const parts = await partsOf(await store.get("queue-bytes", uuid));
  const notes = new Map(files.map(({ name, note }) => [name, note]));
  const photos = [...parts.keys()].filter((name) => name !== XML);
  for (const name of photos) await kept.saveFile(uuid, name, parts.get(name));
  await kept.saveDraft({ ...draft, xml: await parts.get(XML).text(), files: photos.map((name) => ({ name, note: notes.get(name) ?? "" })) });
  await discard(uuid);
  return uuid;
}

/** Name -> bytes: a line of JSON says what follows it. */
async function partsOf(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let at = bytes.indexOf(10) + 1;
  const found = new Map();
  for (const { name, type, size } of JSON.parse(new TextDecoder().decode(bytes.subarray(0, at - 1))).parts) {
    found.set(name, new Blob([bytes.slice(at, at + size)], { type }));
    at += size;
  }
  return found;
}
