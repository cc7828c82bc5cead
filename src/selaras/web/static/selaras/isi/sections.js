/* The parts of a long form: in which one she is, what is still open in each, and the way to another. */
import { el, icon, plain, t } from "./page.js";
import { untracked } from "./reactive.js";
import { everyNode, takesText } from "./values.js";

/** Fewer are seen at a glance. */
const FEW = 3;
/** Milliseconds after a change until what is open is counted. */
const PAUSE = 300;
/** A part is the one she is in once its heading is so far from the top, in pixels. */
const TOP = 120;

/** What stands at the top while she scrolls; `filling.parts`: node -> `{part, heading}` of what has a heading. */
export function drawSections(filling, scope) {
  const where = el("b", {});
  const open = el("span", { class: "small" });
  const list = el("ol", {});
  const summary = el("summary", {}, where, open, icon("chevron-down"));
  const box = el("details", { class: "daftar-bagian", hidden: true }, summary, el("nav", { "aria-label": t("bagian-formulir") }, list));
  const lines = sectionsOf(filling, filling.root).map((each) => drawLine(each, box));
  list.append(...lines.map(({ line }) => line));
  const here = () => {
    const shown = lines.filter(({ line }) => !line.hidden);
    const ended = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    const passed = ended ? shown : shown.filter(({ part }) => part.getBoundingClientRect().top < TOP);
    const now = passed[passed.length - 1] ?? shown[0];
    where.textContent = now ? t("bagian-ini", { what: now.title() }) : "";
    for (const { go } of lines) {
      if (go === now?.go) go.setAttribute("aria-current", "location");
      else go.removeAttribute("aria-current");
    }
  };
  const count = () => {
    lines.forEach((each) => each.count(filling));
    const shown = lines.filter(({ line }) => !line.hidden);
    box.hidden = shown.length < FEW;
    const left = shown.reduce((sum, each) => sum + each.open, 0);
    open.textContent = left ? t("belum-dijawab", { n: left }) : t("selesai-semua");
    here();
  };
  keepCounted(filling, scope, count);
  keepPlaced(box, scope, here);
  return box;
}

/** `[{node, part, heading, asked}]`: a group that only holds others together gives way to them; rows of one kind are one. */
function sectionsOf(filling, parent) {
  return parent.currentState.children.flatMap((node) => {
    const own = filling.parts.get(node);
    const inner = node.nodeType === "group" ? sectionsOf(filling, node) : [];
    if (own && inner.length < FEW) return [{ node, ...own, asked: () => everyNode(node) }];
    const direct = () => (node.currentState.children ?? []).filter(isAsked);
    return own && direct().length ? [{ node, ...own, asked: direct }, ...inner] : inner;
  });
}

function drawLine({ node, part, heading, asked }, box) {
  const go = el("a", { href: "#" });
  const open = el("span", { class: "small" });
  const line = el("li", {}, go, open);
  const each = { line, go, part, open: 0, title: () => plain(node.currentState.label) || heading.textContent };
  go.addEventListener("click", (event) => {
    event.preventDefault();
    box.open = false;
    part.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  });
  each.count = (filling) => {
    line.hidden = part.closest("[hidden]") !== null;
    each.open = line.hidden ? 0 : asked().filter((one) => isOpen(filling, one)).length;
    go.textContent = each.title();
    open.replaceChildren(...(each.open ? [t("belum-dijawab", { n: each.open })] : [icon("check"), t("selesai-semua")]));
  };
  return each;
}

const isAsked = (node) => takesText(node) || node.nodeType === "upload";

/** Asked and not answered, or answered by what is no answer, or by the last round and not looked at. */
function isOpen(filling, node) {
  const state = node.currentState;
  if (!isAsked(node) || !state.relevant || state.readonly) return false;
  return !state.instanceValue || filling.problems.has(node) || filling.isEarlier(node);
}

function keepCounted(filling, scope, count) {
  let planned = 0;
  scope.effect(() => {
    filling.root.instanceState.instanceXML;
    filling.state.earlier;
    filling.state.problems;
    filling.state.language;
    clearTimeout(planned);
    planned = setTimeout(() => untracked(count), PAUSE);
  });
  scope.onStop(() => clearTimeout(planned));
}

function keepPlaced(box, scope, here) {
  let planned = 0;
  const scrolled = () => { planned ||= requestAnimationFrame(() => { planned = 0; here(); }); };
  const shut = (event) => {
    if (event.type === "keydown" ? event.key !== "Escape" : box.contains(event.target)) return;
    if (box.open && box.contains(document.activeElement)) box.querySelector("summary").focus();
    box.open = false;
  };
  window.addEventListener("scroll", scrolled, { passive: true });
  document.addEventListener("click", shut);
  document.addEventListener("keydown", shut);
  scope.onStop(() => {
    cancelAnimationFrame(planned);
    window.removeEventListener("scroll", scrolled);
    document.removeEventListener("click", shut);
    document.removeEventListener("keydown", shut);
  });
}
