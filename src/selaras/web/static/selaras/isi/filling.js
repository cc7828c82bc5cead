/* One form that is being filled: the engine's instance of it, its draft on this phone, and what is sent in the end. */
import { loadForm } from "./engine.js";
import * as kept from "./kept.js";
import { filled, t } from "./page.js";
import { stateFactory } from "./reactive.js";
import { MULTIPLE, PARTED, everyNode, give, heap, nameOf, read, readings, ruleOf, takesText } from "./values.js";

const XML = "xml_submission_file";
const PAUSE = 400;

/** A form that cannot be filled here; the message is for her, `detail` for who made the form. */
export class Refused extends Error {
  constructor(message, detail = "") {
    super(message);
    this.detail = detail;
  }
}

/** Begin a form anew. */
export async function create(form) {
  const loaded = await load(form);
  return new Filling(form, loaded.createInstance(config()).root);
}

/** Go on with a draft. Its own form is opened, not a newer one. */
export async function resume(draft) {
  const loaded = await load(draft.form);
  const data = new FormData();
  data.append(XML, new File([draft.xml], XML, { type: "text/xml" }));
  const files = new Map();
  for (const each of draft.files) {
    const blob = await kept.file(draft.id, each.name);
    if (!blob) continue;
    files.set(each.name, { blob, note: each.note });
    data.append(each.name, new File([blob], each.name, { type: blob.type }));
  }
  let root;
  try {
    root = (await loaded.restoreInstance({ data: [data] }, config())).root;
  } catch (error) {
    throw new Refused(t("draf-rusak"), String(error));
  }
  unhide(root, draft.hidden ?? {});
  return new Filling(draft.form, root, draft, files);
}

async function load(form) {
  const [text, lists] = [await kept.formText(form), await kept.listsOf(form)];
  if (text === null) throw new Refused(t("formulir-belum-ada"));
  const missing = form.lists.find((list) => !lists.has(list.name));
  if (missing) throw new Refused(t("daftar-belum-ada", { name: missing.name }));
  refuseModel(text);
  const loaded = await loadForm(text, {
    fetchFormAttachment: async (url) => attachment(url, lists),
    /* A list that is silently empty would be a family that silently is not there. */
    missingResourceBehavior: "ERROR",
  });
  if (loaded.status === "failure") throw new Refused(t("formulir-rusak"), String(loaded.error));
  return loaded;
}

/** The engine asks for `jr://file-csv/NAME`; it reads the format from the type. */
function attachment(url, lists) {
  const text = lists.get(decodeURIComponent(String(url).split("/").pop()));
  if (text === undefined) return new Response("", { status: 404 });
  return new Response(text, { headers: { "content-type": "text/csv" } });
}

/** What the engine would open and not do, or do and this page not show. */
function refuseModel(text) {
  const all = [...new DOMParser().parseFromString(text, "text/xml").getElementsByTagName("*")];
  const named = (...names) => all.filter((each) => names.includes(each.localName));
  const types = new Map(named("bind").map((each) => [each.getAttribute("nodeset"), (each.getAttribute("type") ?? "").replace(/^.*:/, "")]));
  if (named("submission").some((each) => each.getAttribute("base64RsaPublicKey"))) throw new Refused(t("tak-terenkripsi"));
  if (named("recordaudio").length) throw new Refused(t("tak-direkam"));
  if (named("setgeopoint").length || [...types.keys()].some((each) => each?.endsWith("/meta/audit"))) throw new Refused(t("tak-dilacak"));
  const unshown = named("input", "upload", "rank", "secret").filter((each) => cannotShow(each, types.get(each.getAttribute("ref"))));
  if (unshown.length) throw new Refused(t("tak-dapat-diisi", { n: unshown.length }), unshown.map((each) => each.getAttribute("ref")).join("\n"));
}

function cannotShow(control, type) {
  const appearance = control.getAttribute("appearance") ?? "";
  if (control.localName === "rank" || control.localName === "secret") return true;
  if (control.localName === "upload") return !/^image\//.test(control.getAttribute("mediatype") ?? "") || /\b(signature|draw|annotate)\b/.test(appearance);
  return ["geotrace", "geoshape", "barcode", "binary", "intent"].includes(type) || /(^|\s)ex:/.test(appearance);
}

const config = () => ({
  stateFactory,
  preloadProperties: { deviceID: "web" },
  instanceAttachments: { fileNameFactory: ({ basename, extension }) => `${basename}${extension ?? ""}` },
});

/** The XML leaves out the answers of hidden questions; they come back when their question does. What a choice sets
    elsewhere must not be set again by this. */
function unhide(root, hidden) {
  const nodes = everyNode(root).filter(takesText);
  const before = new Map(nodes.map((node) => [node, node.currentState.instanceValue]));
  for (const node of nodes) {
    const text = hidden[node.currentState.reference];
    if (text && !node.currentState.relevant) give(node, text);
  }
  for (const [node, text] of before) {
    if (node.currentState.relevant && node.currentState.instanceValue !== text) give(node, text);
  }
}

/** Its parts: `root` (the engine's), `earlier` (nodes whose answer is the last round's, unconfirmed), `problems`
    (node -> key of what is wrong with the text that stands in its field), `pressed` (she wanted to finish). */
export class Filling {
  constructor(form, root, draft = null, files = new Map()) {
    this.form = form;
    this.root = root;
    this.files = files;
    this.id = idOf(root);
    this.language = draft?.language ?? "";
    /* What she typed that is no answer, as it stands in its field: `{text, problem}`. */
    this.typed = textsAt(root, draft?.typed);
    this.problems = new Map([...this.typed].map(([node, { problem }]) => [node, problem]));
    this.state = stateFactory({ pressed: false, saved: draft?.at ?? 0, failed: false, earlier: 0, problems: 0 });
    /* What the last round said, which questions it was put into, and of these the ones that she has not looked at. */
    this.last = draft?.last ?? null;
    this.offered = nodesAt(root, draft?.offered);
    this.earlier = nodesAt(root, draft?.earlier);
    /* Which answers came from there, confirmed or not: they go where it was another family's. */
    this.given = textsAt(root, draft?.given);
    /* The engine tells no value of a hidden question: what was seen last of each is remembered here. */
    this.seen = new Map(everyNode(root).map((node) => [node, draft?.hidden?.[node.currentState.reference]]).filter(([, text]) => text));
    this.saving = Promise.resolve();
    this.photos = Promise.resolve();
    this.timer = 0;
    this.ended = false;
    /* A form that was only looked at leaves no draft. */
    this.touched = draft !== null;
    this.opened = () => {};
  }

  /** What it is called in lists: the name that the form gives itself, or the family. */
  get about() {
    const nodes = everyNode(this.root);
    const called = nodes.find((node) => nameOf(node) === "instanceName")?.currentState.instanceValue.trim();
    const family = nodes.find((node) => nameOf(node) === "sl_keluarga");
    const chosen = family?.currentState.valueOptions?.find((item) => item.value === family.currentState.value[0]);
    const named = nodes.find((node) => ["head_name", "sl_nama"].includes(nameOf(node)) && node.currentState.instanceValue);
    return chosen?.label?.asString || called || named?.currentState.instanceValue || "";
  }

  /** After each change. */
  changed() {
    if (this.ended) return;
    this.touched = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  /** The draft is written; never two writings at once, and the last state is always written. */
  save() {
    clearTimeout(this.timer);
    if (this.ended || !this.touched) return this.saving;
    this.saving = this.saving.then(() => this.write());
    return this.saving;
  }

  /** A photo that is being made small: neither the end nor the closing of the form leaves it behind. */
  during(work) {
    this.photos = Promise.allSettled([this.photos, work]);
    return work;
  }

  /** Save it for the last time: what comes later is another opening's of the same draft. */
  async close() {
    await this.photos;
    await this.save();
    clearTimeout(this.timer);
    this.ended = true;
  }

  async write() {
    if (this.ended) return;
    try {
      await kept.saveDraft(this.record());
      this.state.saved = Date.now();
      this.state.failed = false;
      this.opened(this.id);
    } catch (error) {
      console.error(error);
      this.state.failed = true;
    }
  }

  record() {
    const nodes = everyNode(this.root);
    const answers = nodes.filter(takesText);
    for (const node of answers) if (node.currentState.relevant) this.seen.set(node, node.currentState.instanceValue);
    const hidden = answers.filter((node) => !node.currentState.relevant && this.seen.get(node));
    return {
      id: this.id,
      form: this.form,
      xml: this.root.instanceState.instanceXML,
      hidden: Object.fromEntries(hidden.map((node) => [node.currentState.reference, this.seen.get(node)])),
      files: [...this.files].map(([name, { note }]) => ({ name, note })),
      last: this.last,
      offered: [...this.offered].map((node) => node.currentState.reference),
      earlier: [...this.earlier].map((node) => node.currentState.reference),
      given: byReference(this.given),
      typed: byReference(this.typed),
      about: this.about,
      language: this.language,
    };
  }

  /** A photo for that question: kept at once, before the draft names it. */
  async attach(node, name, blob, note) {
    await kept.saveFile(this.id, name, blob);
    await this.detach(node, name);
    this.files.set(name, { blob, note });
    node.setValue(new File([blob], name, { type: blob.type }));
    await this.save();
  }

  async detach(node, except = "") {
    const name = node.currentState.instanceValue;
    if (!name || name === except) return;
    node.setValue(null);
    this.files.delete(name);
    await this.save();
    await kept.dropFile(this.id, name);
  }

  /** The answer is hers now, not the last round's. */
  confirm(node) {
    if (!this.earlier.delete(node)) return;
    this.state.earlier += 1;
    this.changed();
  }

  isEarlier(node) {
    return this.earlier.has(node) && node.currentState.instanceValue !== "";
  }

  /** Another family: what the last round said of the one before goes, also what she took for right. What she answered
      herself stays. */
  startOver(last) {
    for (const [node, text] of this.given) {
      /* A hidden question tells no value: what was seen last of it, else what was put there. */
      const now = node.currentState.relevant ? node.currentState.instanceValue : this.seen.get(node) ?? text;
      if (now !== text && !this.earlier.has(node)) continue;
      give(node, "");
      this.seen.delete(node);
    }
    this.given.clear();
    this.earlier.clear();
    this.offered.clear();
    this.last = last;
    this.offer();
    this.changed();
  }

  /** Put the last round's answers into the questions that are asked by now, each once, where nothing is answered yet.
      One at a time, in the order of the form: an answer may bring up the next question, or clear a later choice. */
  offer() {
    if (!this.last) return;
    const before = this.earlier.size;
    this.offerBelow(this.root, this.last);
    if (this.earlier.size !== before) this.state.earlier += 1;
  }

  offerBelow(parent, answers) {
    for (const node of parent.currentState.children ?? []) {
      if (!node.currentState.relevant) continue;
      /* Of rows nothing is handed out: whose row it was would be guessed. */
      if (node.nodeType.startsWith("repeat-range")) continue;
      if (node.currentState.children) this.offerBelow(node, answers);
      else if (takesText(node)) this.offerOne(node, answers[nameOf(node)]);
    }
  }

  offerOne(node, said) {
    if (said === undefined || said === null || this.offered.has(node) || nameOf(node).startsWith("sl_")) return;
    this.offered.add(node);
    if (node.currentState.readonly || node.currentState.instanceValue) return;
    give(node, String(said));
    if (!node.currentState.instanceValue) return;
    this.earlier.add(node);
    this.given.set(node, node.currentState.instanceValue);
  }

  /** How a number is read in that question, as the server said with the form; null where it said nothing. */
  rule(node) {
    return ruleOf(this.form.money, nameOf(node));
  }

  /** What the amount that is asked about in that question may be; null where none is. */
  readings(node) {
    const { text, problem } = this.typed.get(node) ?? {};
    if (problem !== PARTED && problem !== MULTIPLE) return null;
    const rule = this.rule(node);
    const { number } = read(node.valueType, text, rule);
    if (!number) return null;
    const found = problem === PARTED ? readings(number) : heap(number, rule, node.valueType === "int");
    return { text: text.trim(), ...found };
  }

  /** That problem of a question in words. */
  says(node, kind) {
    if (kind !== PARTED && kind !== MULTIPLE) return t(kind);
    const both = this.readings(node);
    /* A draft whose form came without the rule. */
    if (!both) return t("salah-pecahan");
    return filled(kind === PARTED ? this.form.money.words : this.form.money.words_heaped, both);
  }

  /** What stands in the way of sending, in the order of the form: `[{node, message}]`, `message` '' for the engine's. */
  obstacles() {
    const found = [];
    for (const node of everyNode(this.root)) {
      if (node.currentState.children || !node.currentState.relevant) continue;
      const problem = this.problems.get(node);
      if (problem) found.push({ node, kind: problem });
      else if (node.validationState?.violation) found.push({ node, kind: "isi" });
      else if (this.isEarlier(node)) found.push({ node, kind: "periksa-dulu" });
    }
    return found;
  }

  /** The draft with the XML that is sent, as it is kept: a phone that dies from now on sends these same bytes again, and
      the server takes the same bytes once. */
  async finish() {
    await this.photos;
    await this.save();
    const payload = await this.root.prepareInstancePayload({ payloadType: "monolithic" });
    if (payload.status !== "ready") throw new Error(`payload is ${payload.status}`);
    const xml = await payload.data[0].get(XML).text();
    const draft = { ...this.record(), done: xml };
    await kept.saveDraft(draft);
    this.ended = true;
    return draft;
  }
}

const idOf = (root) => everyNode(root).find((node) => nameOf(node) === "instanceID").currentState.instanceValue.replace(/^uuid:/, "");

const byReference = (map) => Object.fromEntries([...map].map(([node, said]) => [node.currentState.reference, said]));

/** Node -> what stands there under its reference. */
function textsAt(root, said = {}) {
  return new Map(everyNode(root).map((node) => [node, said[node.currentState.reference]]).filter(([, each]) => each !== undefined));
}

function nodesAt(root, references = []) {
  const wanted = new Set(references);
  return new Set(wanted.size ? everyNode(root).filter((node) => wanted.has(node.currentState.reference)) : []);
}
