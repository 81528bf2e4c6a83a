// The order of the gallery and the size of its tiles, which the browser remembers.
import { $ } from "./dom.js";
import { ofBrowser } from "./memory.js";

const MEMORY = "gallery-size";
const slider = $("#tile-size");

const show = (size) => $("#gallery").style.setProperty("--tile", size + "px");

const size = Number(ofBrowser.read(MEMORY));
if (size >= Number(slider.min) && size <= Number(slider.max)) {
  slider.value = size;
  show(size);
}
slider.addEventListener("input", () => show(slider.value));
slider.addEventListener("change", () => ofBrowser.write(MEMORY, Number(slider.value)));
$("#sort").addEventListener("change", (event) => event.target.form.requestSubmit());
