// The keys of the Generate page: moving between cells, and what can be done with the one in focus.
import { $, all, around, isShortcut, keyOf, post } from "./dom.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function move(cell, dx, dy) {
  const rows = all(".matrix tbody tr").map((tr) => all(".cell", tr));
  const y = rows.findIndex((row) => row.includes(cell));
  const x = rows[y].indexOf(cell);
  const row = rows[Math.min(rows.length - 1, Math.max(0, y + dy))];
  const next = row[Math.min(row.length - 1, Math.max(0, x + dx))];
  if (!next) return;
  cell.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/** The finished picture beside this one in its row, or in the matrix where the row has no other. */
function neighbour(cell) {
  const isDone = (other) => other.dataset.state === "done";
  const row = all(".cell", cell.closest("tr")).filter(isDone);
  const line = row.length > 1 ? row : all(".matrix .cell").filter(isDone);
  const at = line.indexOf(cell);
  return line[at + 1] || line[at - 1];
}

function compare(cell) {
  const other = neighbour(cell);
  if (other) location.href = "/compare?a=" + cell.dataset.id + "&b=" + other.dataset.id;
}

/** Does what a key means for a cell; false where it means nothing. */
function act(cell, event) {
  const picture = "/pictures/" + cell.dataset.id;
  const done = cell.dataset.state === "done";
  if (ARROWS[event.key]) move(cell, ...ARROWS[event.key]);
  else if (event.key === "Escape") post(picture + "/cancel");
  else if (done && (event.key === " " || event.key === "Enter") && event.target === cell) location.href = picture;
  else if (done && keyOf(event) === "s") post(picture + "/star");
  else if (done && keyOf(event) === "c") compare(cell);
  else return false;
  return true;
}

/** Closes the queue; false where it is closed. */
function closeQueue() {
  const drawer = $("#queue-drawer");
  if (!drawer.open) return false;
  drawer.open = false;
  $("summary", drawer).focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if ($("dialog[open]")) return;
  if (event.key === "Escape" && closeQueue()) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    $(".generate-form").requestSubmit();
    return;
  }
  const drawer = $("#queue-drawer[open]");
  if (event.key === "Escape" && drawer) {
    drawer.open = false;
    $("summary", drawer).focus();
    return;
  }
  const cell = around(event, ".cell");
  if (cell && !isShortcut(event) && act(cell, event)) event.preventDefault();
});
