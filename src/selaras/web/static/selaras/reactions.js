// The code stands behind the # of the address: browsers send that to nobody, so no server, proxy or log ever holds it.
"use strict";
{
  const box = document.querySelector("[data-code]");
  const field = box && box.querySelector("input");
  const given = decodeURIComponent(location.hash.slice(1)).replace(/[^0-9A-Za-z-]/g, "").slice(0, 40);
  if (field && given) {
    field.value = given;
    // Out of the address bar and the history: the next person at this phone finds nothing.
    history.replaceState(null, "", location.pathname);
    box.hidden = true;
    document.querySelector("[data-known]").hidden = false;
  }
}
