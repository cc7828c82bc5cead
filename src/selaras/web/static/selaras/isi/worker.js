/* The service worker of /isi/. VERSION, SHELL and FILES ([address, hash]) stand before this text: the server writes them.
   It keeps the page and its files, all of one version, each checked by its hash. Of a person it keeps nothing: families,
   forms and answers lie sealed in the page's own store. Every answer races a clock: a page never waits for a cache, nor
   for a network that neither answers nor fails. */
/* global VERSION, SHELL, FILES */
"use strict";

const MARK = "selaras-isi-";
const CACHE = MARK + VERSION;
const KEPT = new Set(FILES.map(([address]) => address));
/** Milliseconds for what lies here, for a short question, and for a file. */
const HERE = 3_000;
const SHORT = 4_000;
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
    if (address.pathname === SHELL) event.respondWith(open(request));
  } else if (KEPT.has(address.pathname)) event.respondWith(kept(request, address.pathname));
  else if (address.pathname === "/isi/isi.json") event.respondWith(asked(request));
});

/** A new version takes over when the page is opened and no other of its pages is: no form changes under her hands. */
async function open(request) {
  const waiting = self.registration.waiting;
  if (waiting) {
    const pages = await within(HERE, self.clients.matchAll({ type: "window" }), []);
    if (pages.length < 2) {
      waiting.postMessage("ganti");
      return new Response("", { headers: { Refresh: "0", "Content-Type": "text/html; charset=utf-8" } });
    }
  }
  return kept(request, SHELL);
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

/** The page goes on with what it was told last. */
const asked = async (request) => (await within(SHORT, fetch(request), undefined)) ?? Response.error();

/** What comes of it, or `otherwise` where that takes too long or fails. */
function within(milliseconds, work, otherwise) {
  const clock = new Promise((resolve) => setTimeout(() => resolve(otherwise), milliseconds));
  return Promise.race([Promise.resolve(work).catch(() => otherwise), clock]);
}
