// Times that go on between two messages of the server: what has passed, and what is left.
import { all } from "./dom.js";

const first = new WeakMap();

function words(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  const minutes = Math.floor(seconds / 60);
  if (!minutes) return seconds + " s";
  const hours = Math.floor(minutes / 60);
  return hours ? hours + " h " + (minutes % 60) + " min" : minutes + " min " + (seconds % 60) + " s";
}

/** Counts from when an element was first seen, so that no clock need be right. */
function tick() {
  const now = performance.now();
  all("[data-clock=up], [data-clock=down]").forEach((element) => {
    if (!first.has(element)) first.set(element, now);
    const passed = now - first.get(element);
    const base = Number(element.dataset.millis);
    const text = words(element.dataset.clock === "up" ? base + passed : base - passed);
    if (element.textContent !== text) element.textContent = text;
  });
}

setInterval(tick, 1000);
tick();
