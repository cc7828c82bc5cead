// Away at once: the button, or Escape twice within a second. The page gives its place in the history to the other one,
// so that "back" does not lead here; what was read before it stays in the history, which no page can change.
"use strict";
{
  const link = document.querySelector("[data-leave]");
  const TWICE = 1000;
  let last = -TWICE;
  const leave = () => {
    // Before the other page has come, a slow phone would still show this one.
    document.body.hidden = true;
    document.title = link.hostname;
    location.replace(link.href);
  };
  if (link) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      if (event.timeStamp - last < TWICE) leave();
      last = event.timeStamp;
    });
    // A page that the browser kept in memory would come back hidden.
    addEventListener("pageshow", () => { document.body.hidden = false; });
  }
}
