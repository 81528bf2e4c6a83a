// Which tiles of the gallery are chosen.
import { $, all } from "./dom.js";

/** The tile that was chosen last, where a range begins. */
let last = null;

const box = (tile) => $("input", tile);

/** The tiles whose pictures are not deleted. */
export const tiles = () => all(".tile:not(.gone)");

export const chosen = () => tiles().filter((tile) => box(tile).checked);

/** Shows what is chosen, and what can be done with it. */
export function update() {
  const toolbar = $("#toolbar");
  if (!toolbar) return;
  const count = chosen().length;
  tiles().forEach((tile) => tile.classList.toggle("chosen", box(tile).checked));
  $("#gallery").classList.toggle("choosing", count > 0);
  toolbar.hidden = count === 0;
  $("#chosen-count").textContent = count + " chosen";
  $("#compare-chosen").disabled = count !== 2;
}

/** Chooses a tile, or all from the last one to it, or takes them out. */
export function pick(tile, range, on) {
  const list = tiles();
  const from = range && last ? list.indexOf(last) : -1;
  const to = list.indexOf(tile);
  const [a, b] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  for (let i = a; i <= b; i++) box(list[i]).checked = on;
  last = tile;
  update();
}

/** Chooses a tile that the pointer is dragged over, or takes it out. */
export function sweep(tile, on) {
  if (tile === last) return;
  box(tile).checked = on;
  update();
}

/** Opens the page that compares the first two of the chosen. */
export function compare() {
  const [a, b] = chosen();
  if (a && b) location.href = "/compare?a=" + a.dataset.id + "&b=" + b.dataset.id;
}
