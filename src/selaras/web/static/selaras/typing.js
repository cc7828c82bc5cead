/* Typing a paper by keyboard alone: Enter to the next question, F2 to a number, rows as many as are said.
   The page does all of its work without this file. */
"use strict";

(() => {
  const form = document.querySelector("form[data-typing]");
  if (!form) return;
  const jump = form.querySelector("#lompat");
  const said = form.querySelector("output");
  const most = 30;

  const fields = () => [...form.querySelectorAll("input[name^=q]")];

  const focus = (field) => {
    if (!field) return;
    field.focus();
    field.select();
    field.scrollIntoView({ block: "center" });
  };

  /* `14.2`, `14-2` or `14`: a number that only rows have means the first of them. */
  const find = (text) => {
    const [number, row] = text.trim().toUpperCase().split(/[.\-,/ ]+/);
    const at = row ? `q${number}-${row}` : `q${number}`;
    return document.getElementById(at) || document.getElementById(`${at}-1`);
  };

  const codes = (field) => {
    const about = document.getElementById(`${field.id}-tentang`);
    const options = about ? [...about.querySelectorAll("[data-code]")] : [];
    if (!options.length) return;
    const parts = field.value.trim().toLowerCase().split(/[\s,;.+]+/);
    options.forEach((option, place) => {
      const letter = String.fromCharCode(97 + place);
      const chosen = parts.includes(option.dataset.code) || parts.includes(letter);
      option.classList.toggle("chosen", chosen);
    });
  };

  const rows = (field) => {
    const repeat = field.dataset.rowsOf;
    const wanted = Math.min(Number.parseInt(field.value, 10) || 0, most);
    const spare = document.querySelector(`template[data-spare="${CSS.escape(repeat)}"]`);
    const there = [...form.querySelectorAll(`fieldset[data-repeat="${CSS.escape(repeat)}"]`)];
    if (!spare || !there.length) return;
    let last = there[there.length - 1];
    for (let row = there.length + 1; row <= wanted; row += 1) {
      const holder = document.createElement("div");
      holder.append(spare.content.cloneNode(true));
      holder.querySelectorAll("*").forEach((node) => {
        for (const name of ["id", "name", "for", "aria-describedby"]) {
          if (node.hasAttribute(name)) node.setAttribute(name, node.getAttribute(name).replace("__n__", String(row)));
        }
      });
      const legend = holder.querySelector("legend");
      legend.textContent = legend.textContent.replace("__n__", String(row));
      const made = holder.querySelector("fieldset");
      made.dataset.row = String(row);
      last.after(made);
      last = made;
    }
    /* Rows too many go, as long as nothing is typed in them. */
    for (const row of there.slice(Math.max(wanted, 1)).reverse()) {
      if ([...row.querySelectorAll("input")].some((input) => input.value.trim())) break;
      if (wanted) row.remove();
    }
  };

  form.querySelector(".jump").hidden = false;

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      form.requestSubmit(form.querySelector("button.main"));
    } else if (event.target === jump) {
      const found = find(jump.value);
      said.textContent = found ? "" : said.dataset.missing;
      focus(found);
    } else {
      const all = fields();
      const next = all[all.indexOf(event.target) + 1];
      if (next) focus(next);
      else form.querySelector("button.main").focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2") return;
    event.preventDefault();
    jump.focus();
    jump.select();
  });

  let typed = false;
  form.addEventListener("input", (event) => {
    if (event.target === jump) return;
    typed = true;
    codes(event.target);
    if (event.target.dataset.rowsOf) rows(event.target);
  });
  form.addEventListener("submit", () => { typed = false; });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  fields().forEach(codes);
  const wrong = form.querySelector("[aria-invalid=true]");
  focus(wrong || fields().find((field) => !field.value));
})();
