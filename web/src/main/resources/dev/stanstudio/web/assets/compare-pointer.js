// Pointers over the compared pictures: they move the divider, move and pinch the pictures, and tap.
import { $, around } from "./dom.js";
import { fromMiddle, isZoomed, move, zoomBy } from "./compare-view.js";

const NEAR = 24;
const TAP = 5;
const box = $("#compare");
const wipe = $("#wipe");

/** Pointers that are down, by their ids. */
const down = new Map();
let drags = "nothing";
let travelled = 0;

export function setSplit(percent) {
  wipe.value = Math.min(100, Math.max(0, percent));
  box.style.setProperty("--split", wipe.value + "%");
}

function split(event) {
  const edge = $(".compare-window", box).getBoundingClientRect();
  setSplit((event.clientX - edge.left) / edge.width * 100);
}

/** Zoomed in, only the divider itself is dragged, so that the rest can move the pictures. */
function takesDivider(event) {
  if (box.dataset.mode !== "wipe") return false;
  const edge = $(".compare-window", box).getBoundingClientRect();
  const divider = edge.left + edge.width * wipe.value / 100;
  return !isZoomed() || Math.abs(event.clientX - divider) < NEAR;
}

const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
const middle = ([a, b]) => [(a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2];

function pinch(before, now) {
  const [x, y] = middle(now);
  const [oldX, oldY] = middle(before);
  move(x - oldX, y - oldY);
  zoomBy(apart(now) / Math.max(1, apart(before)), ...fromMiddle(now[0].target, x, y));
}

box.addEventListener("pointerdown", (event) => {
  if (!around(event, ".compare-window") || event.button > 0) return;
  down.set(event.pointerId, event);
  if (down.size > 1) {
    drags = "pinch";
    return;
  }
  travelled = 0;
  drags = takesDivider(event) ? "divider" : "pictures";
  if (drags === "divider") split(event);
});

addEventListener("pointermove", (event) => {
  const last = down.get(event.pointerId);
  if (!last) return;
  const before = [...down.values()];
  down.set(event.pointerId, event);
  const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
  travelled += Math.abs(dx) + Math.abs(dy);
  if (drags === "pinch" && down.size === 2) pinch(before, [...down.values()]);
  else if (drags === "divider") split(event);
  else if (drags === "pictures") move(dx, dy);
});

function release(event) {
  if (!down.delete(event.pointerId)) return;
  const tapped = event.type === "pointerup" && drags === "pictures" && travelled < TAP;
  if (tapped && box.dataset.mode === "flicker") box.dataset.show = box.dataset.show === "left" ? "right" : "left";
  if (down.size === 0) drags = "nothing";
}
addEventListener("pointerup", release);
addEventListener("pointercancel", release);

box.addEventListener("wheel", (event) => {
  if (!around(event, ".compare-window")) return;
  event.preventDefault();
  zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...fromMiddle(event.target, event.clientX, event.clientY));
}, { passive: false });

wipe.addEventListener("input", () => setSplit(wipe.value));
