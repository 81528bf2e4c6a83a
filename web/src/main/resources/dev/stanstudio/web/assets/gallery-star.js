// Stars on the tiles of the gallery.
import { $, around, post } from "./dom.js";
import { refreshCounts } from "./gallery-counts.js";

/** Puts a star on a tile's picture, or takes it off. */
export async function star(tile) {
  const answer = await post("/pictures/" + tile.dataset.id + "/star");
  if (!answer.ok) return;
  const on = tile.dataset.starred !== "yes";
  tile.dataset.starred = on ? "yes" : "no";
  $(".tile-star", tile).setAttribute("aria-pressed", String(on));
  await refreshCounts();
}

document.addEventListener("click", (event) => {
  const button = around(event, ".tile-star");
  if (button) star(button.closest(".tile"));
});
