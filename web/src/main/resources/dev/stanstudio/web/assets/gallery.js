// The gallery: choosing pictures, and what happens to the chosen. Links and the zip work without it.
import { $, all, around } from "./dom.js";
import "./gallery-keys.js";
import { chosen, compare, pick, sweep, tiles, update } from "./selection.js";

document.addEventListener("click", (event) => {
  const box = around(event, '.tile input[type="checkbox"]');
  if (box) pick(box.closest(".tile"), event.shiftKey, box.checked);
  if (event.target.id === "compare-chosen") compare();
  if (event.target.id === "choose-none") {
    chosen().forEach((tile) => { $("input", tile).checked = false; });
    update();
  }
});

// Dragging over check boxes ticks them all, or none, as the first one.
let painting = null;
document.addEventListener("pointerdown", (event) => {
  const box = around(event, ".tile-pick");
  if (box) painting = !$("input", box).checked;
});
document.addEventListener("pointerover", (event) => {
  const tile = painting !== null && event.buttons === 1 && around(event, ".tile");
  if (tile) sweep(tile, painting);
});
document.addEventListener("pointerup", () => { painting = null; });

function hideDeleted(toast) {
  const ids = new Set(all("[data-deleted] input", toast).map((input) => input.value));
  tiles().filter((tile) => ids.has(tile.dataset.id)).forEach((tile) => {
    $("input", tile).checked = false;
    tile.classList.add("gone");
  });
  const undo = $("button", toast);
  if (undo) undo.focus();
}

function showRestored(toast) {
  all(".tile.gone").forEach((tile) => tile.classList.remove("gone"));
  setTimeout(() => toast.replaceChildren(), 4000);
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  const toast = $("#toast");
  if (event.detail.target !== toast) return;
  if ($("[data-deleted]", toast)) hideDeleted(toast); else showRestored(toast);
  update();
});

update();
