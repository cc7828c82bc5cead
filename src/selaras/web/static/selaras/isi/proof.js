/* Photos and documents that prove something: each is one item of the queue, and goes with the forms when there is a signal.
   They go as they are: what a camera wrote into them, place and time, is part of what they prove. */
import { announce, el, icon, size, t } from "./page.js";

/** What the server takes of one file; a bigger one would wait here for ever. */
const LARGEST = 25 * 1024 * 1024;

/** Draw it; `at` is `{known, queue}`. Returns its heading. */
export function drawProof(place, { known, queue }) {
  const title = el("h1", { tabindex: "-1" }, t("bukti"));
  const { loci, uses } = known.evidence ?? { loci: [], uses: [] };
  const lokus = el("select", { id: "bukti-lokus" }, loci.map(([code, name]) => el("option", { value: code }, name)));
  const use = el("select", { id: "bukti-guna" }, el("option", { value: "" }, t("bukti-nanti")), uses.map(([heading, choices]) => el("optgroup", { label: heading }, choices.map(([value, label]) => el("option", { value }, label)))));
  const words = el("input", { id: "bukti-kata", type: "text", maxlength: "200", autocomplete: "off" });
  const file = el("input", { id: "bukti-berkas", type: "file", multiple: true, accept: "image/jpeg,image/png,image/heic,.heic,.pdf,.docx,.xlsx" });
  const said = el("ul", { class: "antrean", "aria-live": "polite" });
  file.addEventListener("change", async () => {
    const chosen = [...file.files];
    const told = { year: known.year, lokus: lokus.value, words: words.value.trim(), use: use.value };
    file.value = "";
    for (const each of chosen) said.prepend(await keep(queue, each, told));
    if (chosen.length) announce(t("bukti-antre"));
    queue.send();
  });
  place.replaceChildren(
    el("p", {}, el("a", { class: "follow", href: "#/" }, icon("arrow-left"), t("kembali"))),
    el("div", { class: "title" }, title),
    el("p", { class: "lead now" }, t("bukti-apa")),
    el("div", { class: "card narrow" },
      loci.length > 1 ? field(lokus, t("bukti-lokus")) : null,
      field(use, t("bukti-guna")),
      field(words, t("bukti-kata"), t("bukti-kata-petunjuk")),
      field(file, t("bukti-berkas"), t("bukti-berkas-petunjuk")),
      said),
  );
  return title;
}

function field(input, label, hint = "") {
  if (hint) input.setAttribute("aria-describedby", `${input.id}-petunjuk`);
  return el("div", { class: "field" }, el("label", { for: input.id }, label), hint ? el("p", { class: "hint", id: `${input.id}-petunjuk` }, hint) : null, input);
}

/** Put it into the queue; a line that says so, or why not. */
async function keep(queue, file, { year, lokus, words, use }) {
  const line = (mark, text) => el("li", { class: "kiriman" }, icon(mark), el("span", {}, el("b", {}, file.name), el("br"), el("span", { class: "small" }, text)));
  if (file.size > LARGEST) return line("alert-triangle", t("bukti-besar", { size: size(file.size) }));
  const uuid = crypto.randomUUID();
  const head = JSON.stringify({ id: uuid, tahun: year, lokus, keterangan: words, untuk: use ? [use] : [] });
  const parts = [
    { name: "bukti.json", type: "application/json", blob: new Blob([head]) },
    { name: file.name, type: file.type || "application/octet-stream", blob: new Blob([await file.arrayBuffer()]) },
  ];
  try {
    await queue.add({ uuid, kind: "evidence", title: words || file.name, parts });
  } catch (error) {
    console.error(error);
    return line("alert-triangle", t("foto-penuh"));
  }
  return line("clock", t("bukti-di-sini", { size: size(file.size) }));
}
