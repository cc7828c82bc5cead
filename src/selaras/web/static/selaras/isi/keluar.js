/* Signing out of a browser that keeps forms: what waits is sent or exported first, then everything of hers here goes.
   Without this file the button signs out, and what she keeps stays sealed where it is. */
import * as queue from "./queue.js";
import * as store from "./store.js";

const USER = "selaras-isi-user";
const form = document.querySelector("form[data-user]");
const part = (name) => form.querySelector(`[data-bagian="${name}"]`);
let saved = false;

async function start() {
  if (!(await store.exists(form.dataset.user))) return;
  await store.open(form.dataset.user);
  part("kirim").addEventListener("click", () => busy("kirim", () => queue.send()));
  part("unduh").addEventListener("click", () => busy("unduh", download));
  part("yakin").addEventListener("change", show);
  queue.onchange(show);
  form.addEventListener("submit", leave);
  await show();
}

const drafts = async () => (await store.all("draft")).filter((each) => !each.done).length;

/** How many wait, how many are not finished, and whether she may go. */
async function show() {
  if (!store.user()) return;
  const [waiting, open] = [await queue.waiting(), await drafts()];
  part("menunggu").hidden = !waiting;
  part("draf").hidden = !open;
  for (const each of form.querySelectorAll("[data-n]")) each.textContent = each.dataset.n === "draf" ? open : waiting;
  part("terkirim").hidden = Boolean(waiting);
  part("keluar").disabled = (waiting > 0 && !saved) || (open > 0 && !part("yakin").checked);
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
  const file = await queue.exportFile();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  saved = true;
  part("disimpan").hidden = false;
}

async function leave(event) {
  if (!store.user()) return;
  event.preventDefault();
  /* Another tab may have finished a form meanwhile. */
  await show();
  if (part("keluar").disabled) return;
  await store.wipe();
  localStorage.removeItem(USER);
  form.submit();
}

start().catch(console.error);
