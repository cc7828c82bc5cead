/* Signing out of a browser that keeps forms: what waits is sent or exported first, then everything of hers here goes.
   Nothing goes that could not be read and counted. Without this file the button signs out, and what she keeps stays
   sealed where it is. */
import { deliverDone } from "./handing.js";
import * as kept from "./kept.js";
import * as queue from "./queue.js";
import * as store from "./store.js";

const form = document.querySelector("form[data-user]");
const part = (name) => form.querySelector(`[data-bagian="${name}"]`);
const user = form.dataset.user;
/** What waited when the file was made. */
let saved = "";

async function start() {
  if (!(await store.exists(user))) return;
  part("keluar").disabled = true;
  try {
    await store.open(user);
  } catch (error) {
    return closed(error);
  }
  part("kirim").addEventListener("click", () => busy("kirim", () => queue.send()));
  part("unduh").addEventListener("click", () => busy("unduh", download));
  part("yakin").addEventListener("change", show);
  queue.onchange(show);
  form.addEventListener("submit", leave);
  await show();
}

/** What lies here cannot be read now: she may go, and it stays. */
function closed(error) {
  console.error(error);
  part("tertutup").hidden = false;
  part("tetap").addEventListener("change", () => { part("keluar").disabled = !part("tetap").checked; });
}

/** How many wait, how many are not finished, and whether she may go. */
async function show() {
  if (!store.user()) return;
  await deliverDone();
  const [waiting, open] = [await queue.waiting(), await kept.unfinished()];
  const safe = !waiting || saved === (await sign());
  part("menunggu").hidden = !waiting;
  part("draf").hidden = !open;
  for (const each of form.querySelectorAll("[data-n]")) each.textContent = each.dataset.n === "draf" ? open : waiting;
  part("terkirim").hidden = Boolean(waiting);
  part("disimpan").hidden = !waiting || !safe;
  part("keluar").disabled = !safe || (open > 0 && !part("yakin").checked);
}

/** Which ones wait: one that another tab finishes later is not in the file. One that cannot be read is in none. */
async function sign() {
  const listed = await queue.list();
  const waiting = listed.filter(queue.isWaiting).map((item) => `${item.uuid} ${item.digest}`).sort();
  return [...waiting, (await queue.waiting()) - waiting.length].join("\n");
}

async function busy(name, act) {
  part(name).disabled = true;
  try {
    await act();
  } catch (error) {
    console.error(error);
    part("gagal").hidden = false;
  }
  part(name).disabled = false;
  await show();
}

async function download() {
  /* Asked before: what comes meanwhile is not in it. */
  const waiting = await sign();
  const file = await queue.exportFile();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  saved = waiting;
}

async function leave(event) {
  event.preventDefault();
  /* Another tab may have finished a form meanwhile. */
  await show();
  if (part("keluar").disabled) return;
  part("keluar").disabled = true;
  try {
    await store.wipe(user);
    kept.forgetLast();
    form.submit();
  } catch (error) {
    console.error(error);
    part("terbuka").hidden = false;
    part("keluar").disabled = false;
  }
}

start().catch(console.error);
