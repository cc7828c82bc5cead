/* The desk by single keys. The page does all of its work without this file. */
"use strict";

(() => {
  const form = document.querySelector("form[data-desk]");
  if (!form) return;
  const reason = form.querySelector("#alasan");

  const press = (key) => {
    const number = Number(key);
    if (number >= 1 && number <= 9) {
      const box = form.querySelectorAll("input[type=checkbox]")[number - 1];
      if (box && !box.disabled) box.click();
      return Boolean(box);
    }
    if (key === "a") {
      reason.focus();
      return true;
    }
    if (key === "x" && !reason.value.trim()) {
      /* Refusing asks why: there first. */
      reason.focus();
      return true;
    }
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target) target.click();
    return Boolean(target);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.matches("input[type=text], textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      /* Enter in the reason refuses: nobody writes one to accept. */
      if (event.key === "Enter" && event.target === reason && reason.value.trim()) {
        event.preventDefault();
        document.querySelector('[data-key="x"]').click();
      }
      return;
    }
    if (/^[a-z1-9]$/i.test(event.key) && press(event.key.toLowerCase())) event.preventDefault();
  });
})();
