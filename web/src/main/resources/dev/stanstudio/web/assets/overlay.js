// Panels that open over the page: Escape closes them, and so does a click beside them.
import { all, $ } from "./dom.js";

const open = () => all("details.overlay[open]");

document.addEventListener("keydown", (event) => {
  const panel = open().pop();
  if (event.key !== "Escape" || !panel) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  panel.open = false;
  $("summary", panel).focus();
}, true);

document.addEventListener("click", (event) => {
  open().filter((panel) => !panel.contains(event.target)).forEach((panel) => { panel.open = false; });
});
