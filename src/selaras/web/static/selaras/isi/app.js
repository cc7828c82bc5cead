/* The page of /isi/: which of its two faces is shown, and what happens around them. It opens without a network. */
import { deliverDone } from "./handing.js";
import * as kept from "./kept.js";
import { drawHome } from "./home.js";
import { drawProof } from "./proof.js";
import { announce, el, icon, t } from "./page.js";
import * as queue from "./queue.js";

const place = document.getElementById("isi");
const at = { known: null, online: false, signedOut: false, storage: "none", queue, sync, redraw: () => route(), deliver };
/** Milliseconds in which the server mostly has taken in what was sent. */
const SOON = 8_000;
let close = () => {};
let face = "";
/* Lets go of the draft of a form that is still being opened. */
let abandon = () => {};

async function start() {
  /* Without https a browser neither keeps a page nor seals what it stores. */
  if (!globalThis.isSecureContext) return only(el("p", {}, t("perlu-https")));
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(place.dataset.worker, { scope: "/isi/" }).catch(console.error);
  Object.assign(at, await kept.begin());
  if (!at.known) return nobody();
  at.storage = await kept.persisted();
  if (at.known.synthetic && !document.querySelector(".ribbon")) document.querySelector(".isi-halaman").before(icon("pita"));
  await deliverDone();
  queue.onchange(() => {
    if (face === "home") route({ quiet: true });
    clearTimeout(asking);
    asking = setTimeout(askWhatBecame, SOON);
  });
  window.addEventListener("hashchange", () => route());
  window.addEventListener("selaras-signed-out", () => { turn += 1; face = "home"; close = () => {}; Object.assign(at, { known: null, signedOut: true, here: 0 }); nobody(); });
  window.addEventListener("online", sync);
  window.addEventListener("offline", () => { at.online = false; if (face === "home") route({ quiet: true }); });
  window.addEventListener("beforeunload", (event) => { if (at.storage === "none" && (at.unsent || face === "form")) event.preventDefault(); });
  await route({ first: true });
  (globalThis.requestIdleCallback ?? setTimeout)(fetchAhead);
  await (at.late ? sync() : queue.send());
}

/** What a form needs is fetched and compiled while she reads, beside the page's own work; it runs when a form is opened. */
function fetchAhead() {
  for (const name of ["engine", "form", "filling", "fields", "photo", "reactive", "sections", "values"]) {
    document.head.append(el("link", { rel: "modulepreload", href: new URL(`./${name}.js`, import.meta.url).href }));
  }
}

/** Nothing is known here and nothing can be asked. */
function nobody() {
  const inside = at.none
    ? [el("p", {}, at.none)]
    : at.signedOut
    ? [el("p", {}, at.here ? t("di-sini", { n: at.here }) : t("masuk-dulu")), el("p", {}, el("a", { class: "button main", href: "/masuk/?next=/isi/" }, t("masuk")))]
    : [el("p", {}, t("buka-dengan-sinyal")), el("p", {}, el("button", { type: "button", class: "button main", onclick: () => location.reload() }, icon("refresh"), t("coba-lagi")))];
  only(...inside);
}

function only(...inside) {
  place.replaceChildren(el("div", { class: "title" }, el("h1", { tabindex: "-1" }, t("judul"))), ...inside);
}

async function sync() {
  Object.assign(at, { none: "" }, await kept.refresh());
  if (face === "home") await route({ quiet: true });
  await queue.send();
}

let asking = 0;
/** After something went the families are asked anew: she may leave the network now, and go by what stands here. */
async function askWhatBecame() {
  const went = at.known && (await queue.list()).some((item) => item.state === "sent" && item.at > at.known.at);
  if (!went) return;
  Object.assign(at, await kept.refresh());
  if (face === "home") await route({ quiet: true });
}

/** What was finished and is in no queue yet: once more, because she asked. */
async function deliver() {
  await deliverDone();
  await route({ quiet: true });
  await queue.send();
}

let turn = 0;
let entering = false;
/** Show what the address says. `quiet`: the same face with newer news; focus stays where it is. */
async function route({ quiet = false, first: opening = false } = {}) {
  const mine = (turn += 1);
  const [, what, first, second] = location.hash.split("/").map(decodeURIComponent);
  face = what === "isi" || what === "baru" ? "form" : what === "bukti" ? "proof" : "home";
  abandon();
  if (!quiet) {
    entering = !opening;
    const shut = close;
    close = () => {};
    await shut();
  }
  if (mine !== turn) return undefined;
  /* Her sign-in has ended: nothing of the families is shown until she signs in. */
  if (!at.known) return nobody();
  if (face === "form") return form(mine, what, first, second);
  if (!at.known) return nobody();
  /* Chosen by hand: nothing of it is drawn again until she leaves. */
  if (face === "proof") return drawProof(place, at).focus();
  /* Drawn aside and put in its place at once: two changes in a row do not mix, and nothing flickers. */
  const aside = document.createElement("div");
  const title = await drawHome(aside, at);
  if (mine !== turn) return undefined;
  at.unsent = aside.querySelector(".kiriman.waiting, .kiriman.failed, .kiriman.sending, .kiriman.draf") !== null;
  keepingFocus(aside, quiet && !entering);
  if (entering) title.focus();
  entering = false;
  return undefined;
}

function keepingFocus(aside, quiet) {
  const open = quiet ? [...place.querySelectorAll("details")].map((each) => each.open) : [];
  const held = quiet && place.contains(document.activeElement) ? signOf(document.activeElement) : "";
  place.replaceChildren(...aside.childNodes);
  [...place.querySelectorAll("details")].forEach((each, index) => { if (index in open) each.open = open[index]; });
  if (held) [...place.querySelectorAll("a, button, summary")].find((each) => signOf(each) === held)?.focus();
}

const signOf = (element) => `${element.tagName} ${element.getAttribute("href") ?? ""} ${element.textContent} ${element.closest("[data-uuid]")?.dataset.uuid ?? ""}`;

/** A form takes seconds to open on a cheap phone: one that she has left meanwhile is neither drawn nor kept. */
async function form(mine, what, first, second) {
  if (mine !== turn) return undefined;
  const { openForm } = await import("./form.js");
  const draft = what === "isi" ? await kept.draft(first) : null;
  if (mine !== turn) return undefined;
  const fresh = what === "baru" ? at.known.forms.find((each) => each.form_id === first) : null;
  if (!draft && !fresh) {
    location.hash = "#/";
    return undefined;
  }
  const leave = () => { location.hash = "#/"; announce(t("masuk-antrean")); queue.send(); };
  const wanted = () => mine === turn;
  const left = new Promise((resolve) => { abandon = resolve; });
  const shut = await openForm(place, { form: fresh, draft, family: second === "-" ? "" : second, leave, wanted, left, opened: (id) => history.replaceState(null, "", `#/isi/${id}`) });
  if (!wanted()) return shut();
  abandon = () => {};
  close = shut;
  return undefined;
}

start().catch((error) => {
  console.error(error);
  only(el("p", { role: "alert" }, t("tidak-terbuka")), el("pre", {}, String(error)));
});
