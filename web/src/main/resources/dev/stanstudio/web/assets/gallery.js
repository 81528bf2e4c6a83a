// The gallery: choosing pictures, and what happens to the chosen. Links and the zip work without it.
import { $, all, around } from "./dom.js";
import { comparePictures } from "./compare-pairs.js";
import { refreshCounts } from "./gallery-counts.js";
import "./gallery-keys.js";
import "./gallery-star.js";
import "./gallery-view.js";
import "./overlay.js";
import { choose, chosenIds, forgetMissing, isChosen, pick, sweep, tiles, update } from "./selection.js";

/** Chooses every picture that passes the filter; the server names at most as many as a form takes. */
async function chooseAll(button) {
  const answer = await fetch(button.dataset.ids);
  if (answer.ok) choose(await answer.json(), true);
}

document.addEventListener("click", (event) => {
  const box = around(event, '.tile input[type="checkbox"]');
  if (box) pick(box.closest(".tile"), event.shiftKey, box.checked);
  if (event.target.id === "compare-chosen") comparePictures(chosenIds());
  if (event.target.id === "choose-none") choose(chosenIds(), false);
  if (event.target.id === "choose-all") chooseAll(event.target);
});

// Enter in the name of a board presses its button and not the first of the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "board-name") return;
  event.preventDefault();
  $("#board-make").click();
});

// Dragging over check boxes ticks them all, or none, as the first one.
let painting = null;
document.addEventListener("pointerdown", (event) => {
  const box = around(event, ".tile-pick");
  if (box) painting = !isChosen(box.closest(".tile"));
});
document.addEventListener("pointerover", (event) => {
  const tile = painting !== null && event.buttons === 1 && around(event, ".tile");
  if (tile) sweep(tile, painting);
});
document.addEventListener("pointerup", () => { painting = null; });

const named = (toast) => all("input", toast).map((input) => input.value);

function hideDeleted(toast) {
  const ids = named(toast);
  tiles().filter((tile) => ids.includes(tile.dataset.id)).forEach((tile) => {
    $("input", tile).checked = false;
    tile.classList.add("gone");
  });
  choose(ids, false);
  const undo = $("button", toast);
  if (undo) undo.focus();
}

function showRestored(toast) {
  const ids = named(toast);
  all(".tile.gone").filter((tile) => ids.includes(tile.dataset.id)).forEach((tile) => tile.classList.remove("gone"));
  const shown = toast.firstElementChild;
  setTimeout(() => { if (toast.firstElementChild === shown) toast.replaceChildren(); }, 4000);
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  const toast = $("#toast");
  if (event.detail.target === toast) {
    if ($("[data-deleted]", toast)) hideDeleted(toast); else showRestored(toast);
    refreshCounts();
  }
  update();
});

// Back may show the page as it was left; the tab knows better what is chosen.
addEventListener("pageshow", update);
update();
forgetMissing();
