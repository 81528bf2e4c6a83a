// The lines that say what the page is, until somebody hides them.
import { $ } from "./dom.js";
import { ofBrowser } from "./memory.js";

const MEMORY = "intro-hidden";
const intro = $("#intro");

intro.hidden = ofBrowser.read(MEMORY) === true;
$("#intro-hide").addEventListener("click", () => {
  ofBrowser.write(MEMORY, true);
  intro.hidden = true;
});
