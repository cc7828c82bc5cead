/* The service worker of /isi/. VERSION, SHELL and FILES ([address, hash]) stand before this text: the server writes them.
   It keeps the page and its files, all of one version, each checked by its hash. Of a person it keeps nothing: families,
   forms and answers lie sealed in the page's own store, and what it asks of them it asks without this worker, by its own
   clock. Every answer races a clock: a page never waits for a cache, nor for a network that neither answers nor fails. */
/* global VERSION, SHELL, FILES */
"use strict";

const MARK = "selaras-isi-";
const CACHE = MARK + VERSION;
const KEPT = new Set(FILES.map(([address]) => address));
/** Milliseconds for what lies here, and for a file. */
const HERE = 3_000;
const LONG = 30_000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "ganti") self.skipWaiting();
});

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all([keepShell(cache), ...FILES.map(([address, hash]) => keepFile(cache, address, hash))]);
  } catch (error) {
    /* All of a version or nothing of it; the browser tries again. */
    await caches.delete(CACHE);
    throw error;
  }
}

async function keepFile(cache, address, hash) {
  const response = await fetch(address, { cache: "no-cache", ...(hash ? { integrity: hash } : {}) });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  await cache.put(address, response);
}

/** The page as this person's browser gets it; the sign-in page in its place is not it. */
async function keepShell(cache) {
  const response = await fetch(SHELL, { cache: "no-store", credentials: "same-origin", redirect: "error" });
  if (!response.ok || response.headers.get("Selaras-Version") !== VERSION) throw new Error("another version");
  await cache.put(SHELL, response);
}

async function activate() {
  for (const name of await caches.keys()) if (name.startsWith(MARK) && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === SHELL) event.respondWith(open(event));
  } else if (KEPT.has(address.pathname)) event.respondWith(kept(request, address.pathname));
});

/** A new version takes over when the page is opened and no other of its pages is: no form changes under her hands. */
async function open(event) {
  const waiting = self.registration.waiting;
  if (waiting && (await isAlone(event))) {
    waiting.postMessage("ganti");
    return new Response("", { headers: { Refresh: "0", "Content-Type": "text/html; charset=utf-8" } });
  }
  return kept(event.request, SHELL);
}

/** The page that is being opened is not listed yet; one that is being reloaded still is. Chromium does not say which
    page another takes the place of, but that it is a reload. Where it cannot be known, the new version waits. */
async function isAlone({ request, replacesClientId }) {
  const pages = await within(HERE, self.clients.matchAll({ type: "window" }), null);
  if (!pages) return false;
  const reloaded = request.cache === "no-cache" || request.cache === "reload";
  return pages.length === 0 || (pages.length === 1 && (reloaded || pages[0].id === replacesClientId));
}

async function kept(request, address) {
  const here = await within(HERE, lookUp(address), undefined);
  if (here) return here;
  const there = await within(LONG, fetch(request), undefined);
  return there ?? Response.error();
}

async function lookUp(address) {
  const cache = await caches.open(CACHE);
  return cache.match(address);
}

/** What comes of it, or `otherwise` where that takes too long or fails. */
function within(milliseconds, work, otherwise) {
  const clock = new Promise((resolve) => setTimeout(() => resolve(otherwise), milliseconds));
  return Promise.race([Promise.resolve(work).catch(() => otherwise), clock]);
}
