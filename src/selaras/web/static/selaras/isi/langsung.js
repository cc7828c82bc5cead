/* Signing out from the menu: where this browser keeps nothing of hers there is nothing to ask, and she is out at once.
   Otherwise keluar.js, on the same page, has her send or save what waits. Without either file the button signs out. */
import * as store from "./store.js";

const form = document.querySelector("form[data-langsung]");
if (form && !(await store.exists(form.dataset.user))) form.submit();
