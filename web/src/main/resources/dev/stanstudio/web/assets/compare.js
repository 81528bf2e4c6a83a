// Two pictures: side by side, slider, flicker, difference; zoom and place are the same in all.
import { $, all, around, isShortcut } from "./dom.js";

const MEMORY = "compare-mode";
const MAX_ZOOM = 16;
const box = $("#compare");
const buttons = all("[data-mode][role]");
const view = { zoom: 1, x: 0, y: 0 };

/** The mode of the last visit; private windows remember none. */
function remembered() {
  try {
    return localStorage.getItem(MEMORY);
  } catch (e) {
    return null;
  }
}

function remember(name) {
  try {
    localStorage.setItem(MEMORY, name);
  } catch (e) {
    // A private window keeps nothing.
  }
}

function setMode(name) {
  box.dataset.mode = name;
  buttons.forEach((button) => {
    button.setAttribute("aria-checked", String(button.dataset.mode === name));
    button.tabIndex = button.dataset.mode === name ? 0 : -1;
  });
  remember(name);
}

function setView(zoom, x, y) {
  Object.assign(view, { zoom, x, y });
  box.style.setProperty("--zoom", zoom);
  box.style.setProperty("--x", x + "px");
  box.style.setProperty("--y", y + "px");
}

buttons.forEach((button) => button.addEventListener("click", () => setMode(button.dataset.mode)));
$("#wipe").addEventListener("input", (event) => box.style.setProperty("--split", event.target.value + "%"));

box.addEventListener("wheel", (event) => {
  event.preventDefault();
  const zoom = Math.min(MAX_ZOOM, Math.max(1, view.zoom * (event.deltaY < 0 ? 1.2 : 1 / 1.2)));
  const scale = zoom === 1 ? 0 : zoom / view.zoom;
  setView(zoom, view.x * scale, view.y * scale);
}, { passive: false });

let from = null;
box.addEventListener("pointerdown", (event) => {
  if (!around(event, ".compare-window")) return;
  from = [event.clientX - view.x, event.clientY - view.y];
  if (box.dataset.mode === "flicker") box.dataset.show = box.dataset.show === "left" ? "right" : "left";
});
addEventListener("pointermove", (event) => {
  if (from && view.zoom > 1) setView(view.zoom, event.clientX - from[0], event.clientY - from[1]);
});
addEventListener("pointerup", () => { from = null; });

/** Arrow keys choose the next mode, as in any group of radio buttons. */
function moveMode(button, key) {
  const step = key === "ArrowLeft" || key === "ArrowUp" ? buttons.length - 1 : 1;
  const next = buttons[(buttons.indexOf(button) + step) % buttons.length];
  next.focus();
  setMode(next.dataset.mode);
}

/** Shows the right picture while the key is down. */
function flicker() {
  if (box.dataset.mode !== "flicker") setMode("flicker");
  box.dataset.show = "right";
}

addEventListener("keydown", (event) => {
  if (isShortcut(event)) return;
  const at = "1234".indexOf(event.key);
  if (at >= 0) setMode(buttons[at].dataset.mode);
  else if (event.key === "0") setView(1, 0, 0);
  else if (event.key === "f") flicker();
  else if (event.key.startsWith("Arrow") && buttons.includes(event.target)) moveMode(event.target, event.key);
  else return;
  event.preventDefault();
});
addEventListener("keyup", (event) => { if (event.key === "f") box.dataset.show = "left"; });

setMode(buttons.some((button) => button.dataset.mode === remembered()) ? remembered() : "side");
