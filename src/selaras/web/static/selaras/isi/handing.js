/* From a finished draft to the queue: the one way, whether she has just pressed the button or the phone died after it. */
import { remember } from "./again.js";
import * as kept from "./kept.js";
import * as queue from "./queue.js";

const XML = "xml_submission_file";

/** A finished draft goes into the queue and is a draft no more. Throws where the queue does not take it; then the draft
    is as it was. */
export async function handOver(draft) {
  /* Without it the form cannot be opened again if it is refused; it can be sent. */
  await remember(draft).catch(console.error);
  await queue.add(await parcel(draft));
  /* It is in the queue: a draft that cannot be removed now is no reason to say otherwise. It comes to the queue once
     more with the same bytes, which the server takes once. */
  await kept.dropDraft(draft).catch(console.error);
}

/** As the queue takes it. Photos are those that the XML names: the engine leaves out those that came back with a draft. */
async function parcel(draft) {
  const named = new Set([...new DOMParser().parseFromString(draft.done, "text/xml").getElementsByTagName("*")].filter((part) => !part.children.length).map((part) => part.textContent));
  const parts = [{ name: XML, type: "text/xml", blob: new Blob([draft.done], { type: "text/xml" }) }];
  for (const { name } of draft.files) {
    const blob = named.has(name) ? await kept.file(draft.id, name) : null;
    if (blob) parts.push({ name, type: blob.type, blob });
  }
  return { uuid: draft.id, kind: draft.form.kind ?? "form", title: draft.form.title, about: draft.about, parts };
}

let delivering = null;
/** Drafts that were finished when the phone died, before they were in the queue: their bytes go into it as they are. One
    that cannot is left where it is. */
export const deliverDone = () => (delivering ??= deliverEach().finally(() => { delivering = null; }));

async function deliverEach() {
  for (const draft of await kept.allDrafts()) {
    if (!draft.done) continue;
    try {
      await handOver(draft);
    } catch (error) {
      console.error("cannot be put into the queue", draft.id, error);
    }
  }
}
