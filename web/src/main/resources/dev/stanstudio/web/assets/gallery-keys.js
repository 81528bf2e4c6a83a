// The keys of the gallery: moving between tiles, choosing, starring, deleting.
import { $, around, isShortcut, keyOf } from "./dom.js";
import { comparePictures } from "./compare-pairs.js";
import { star } from "./gallery-star.js";
import { chosenIds, isChosen, pick, tiles } from "./selection.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };
const TYPING = 'input[type="search"], input[type="range"], select, textarea, input:not([type])';

function move(tile, n) {
  const list = tiles();
  const next = list[Math.min(list.length - 1, Math.max(0, list.indexOf(tile) + n))];
  if (next) $("a", next).focus();
}

function columns() {
  const list = tiles();
  const second = list.findIndex((tile) => tile.offsetTop !== list[0].offsetTop);
  return second < 0 ? list.length : second;
}

/** Does what a key means for a tile; false where it means nothing. */
function act(tile, event) {
  const key = keyOf(event);
  if (key in STEPS) move(tile, STEPS[key]);
  else if (key === "ArrowDown") move(tile, columns());
  else if (key === "ArrowUp") move(tile, -columns());
  else if (key === "x") pick(tile, event.shiftKey, event.shiftKey || !isChosen(tile));
  else if (key === "s") star(tile);
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  if (isShortcut(event) || around(event, TYPING)) return;
  const tile = around(event, ".tile");
  if (keyOf(event) === "c") comparePictures(chosenIds());
  else if (event.key === "Delete" && chosenIds().length) $("#delete-chosen").click();
  else if (tile) {
    if (act(tile, event)) event.preventDefault();
  } else if (event.key in STEPS && event.target === document.body && tiles()[0]) {
    $("a", tiles()[0]).focus();
  }
});
