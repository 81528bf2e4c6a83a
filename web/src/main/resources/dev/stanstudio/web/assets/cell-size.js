// The size of the cells of the matrix, which the browser remembers.
import { $ } from "./dom.js";
import { ofBrowser } from "./memory.js";

const MEMORY = "cell-size";

/** Shows the remembered size, and the slider at it. */
export function showSize() {
  const slider = $("#cell-size");
  const size = Number(ofBrowser.read(MEMORY));
  if (!slider || !(size >= Number(slider.min) && size <= Number(slider.max))) return;
  slider.value = size;
  $("#matrix").style.setProperty("--cell", size + "px");
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "cell-size") return;
  ofBrowser.write(MEMORY, Number(event.target.value));
  showSize();
});
