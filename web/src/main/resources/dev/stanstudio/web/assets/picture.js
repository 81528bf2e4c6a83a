// The keys of one picture's page: a key presses its button; arrows go to the neighbours.
import { $, around, isShortcut, keyOf } from "./dom.js";

const NEIGHBOURS = { ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]' };

document.addEventListener("keydown", (event) => {
  if (isShortcut(event) || around(event, "input, textarea")) return;
  const target = $('[data-key="' + CSS.escape(keyOf(event)) + '"]') || (NEIGHBOURS[event.key] && $(NEIGHBOURS[event.key]));
  if (!target) return;
  event.preventDefault();
  target.click();
});
