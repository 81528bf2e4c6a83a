// The pictures that are chosen. The tab remembers them, so they outlast filters, reloads and errors.
import { $, all } from "./dom.js";
import { ofTab } from "./memory.js";

const MEMORY = "gallery-chosen";
const ids = new Set(ofTab.read(MEMORY) || []);

/** The tile that was chosen last, where a range begins. */
let last = null;

const box = (tile) => $("input", tile);

/** The tiles whose pictures are not deleted. */
export const tiles = () => all(".tile:not(.gone)");

/** The ids of all chosen pictures, shown or not, in the order in which they were chosen. */
export const chosenIds = () => [...ids];

export const isChosen = (tile) => ids.has(tile.dataset.id);

/** Puts fields into the form for chosen pictures that have no tile here. */
function carryOthers(shown) {
  const others = chosenIds().filter((id) => !shown.has(id));
  const holder = $("#chosen-elsewhere");
  if (holder.dataset.ids === others.join()) return;
  holder.dataset.ids = others.join();
  holder.replaceChildren(...others.map((id) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "id", value: id });
    return field;
  }));
}

/** Shows what is chosen, and what can be done with it. */
export function update() {
  ofTab.write(MEMORY, chosenIds());
  if (!$("#toolbar")) return;
  const list = tiles();
  list.forEach((tile) => {
    box(tile).checked = isChosen(tile);
    tile.classList.toggle("chosen", isChosen(tile));
  });
  carryOthers(new Set(list.map((tile) => tile.dataset.id)));
  $("#gallery").classList.toggle("choosing", ids.size > 0);
  $("#chosen-tools").classList.toggle("none", ids.size === 0);
  $("#chosen-count").textContent = ids.size + " chosen";
  $("#compare-chosen").disabled = ids.size < 2;
}

/** Chooses pictures by id, or takes them out. */
export function choose(some, on) {
  some.forEach((id) => { if (on) ids.add(id); else ids.delete(id); });
  update();
}

/** Chooses a tile, or all from the last one to it, or takes them out. */
export function pick(tile, range, on) {
  const list = tiles();
  const from = range && last ? list.indexOf(last) : -1;
  const to = list.indexOf(tile);
  const [a, b] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  last = tile;
  choose(list.slice(a, b + 1).map((other) => other.dataset.id), on);
}

/** Chooses a tile that the pointer is dragged over, or takes it out. */
export function sweep(tile, on) {
  if (tile !== last) choose([tile.dataset.id], on);
}

/** Takes out pictures that the studio has no more, for example since another page deleted them. */
export async function forgetMissing() {
  if (!ids.size) return;
  const body = new URLSearchParams(chosenIds().map((id) => ["id", id]));
  const answer = await fetch("/gallery/present", { method: "POST", body, headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const present = new Set(await answer.json());
  choose(chosenIds().filter((id) => !present.has(id)), false);
}
