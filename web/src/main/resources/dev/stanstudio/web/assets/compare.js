// Two pictures: side by side, slider, flicker, difference; zoom and place are the same in all.
import { $, all, isShortcut, keyOf } from "./dom.js";
import { linkPairs } from "./compare-pairs.js";
import { setSplit } from "./compare-pointer.js";
import { actual, fit, isZoomed, move, zoomIn, zoomOut } from "./compare-view.js";
import { ofBrowser } from "./memory.js";

const MEMORY = "compare-mode";
const FAR = 40;
const PAN = { ArrowLeft: [FAR, 0], ArrowRight: [-FAR, 0], ArrowUp: [0, FAR], ArrowDown: [0, -FAR] };
const NEIGHBOUR = { ArrowLeft: "#previous-pair", ArrowRight: "#next-pair", p: "#previous-pair", n: "#next-pair", x: "#swap" };
const box = $("#compare");
const buttons = all(".compare-modes [data-mode]");

function setMode(name) {
  box.dataset.mode = name;
  box.dataset.show = "left";
  buttons.forEach((button) => {
    button.setAttribute("aria-checked", String(button.dataset.mode === name));
    button.tabIndex = button.dataset.mode === name ? 0 : -1;
  });
  move(0, 0);
  ofBrowser.write(MEMORY, name);
}

function nextMode(step) {
  const at = buttons.findIndex((button) => button.dataset.mode === box.dataset.mode);
  const next = buttons[(at + step + buttons.length) % buttons.length];
  if (buttons.includes(document.activeElement)) next.focus();
  setMode(next.dataset.mode);
}

/** Shows the right picture while the key is down. */
function flicker() {
  if (box.dataset.mode !== "flicker") setMode("flicker");
  box.dataset.show = "right";
}

const KEYS = {
  m: () => nextMode(1),
  f: flicker,
  a: () => $('[data-star="a"] button').click(),
  b: () => $('[data-star="b"] button').click(),
  "+": zoomIn,
  "=": zoomIn,
  "-": zoomOut,
  _: zoomOut,
  0: fit,
  1: actual,
};

/** Moves through the modes, over a picture, or to another pair. */
function arrow(event) {
  if (buttons.includes(event.target)) nextMode(event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 1);
  else if (isZoomed()) move(...PAN[event.key]);
  else return follow(event.key);
  return true;
}

function follow(key) {
  const link = NEIGHBOUR[key] && $(NEIGHBOUR[key] + "[href]");
  if (link) link.click();
  return Boolean(link);
}

addEventListener("keydown", (event) => {
  const key = keyOf(event);
  if (isShortcut(event) || (key in PAN && event.target.type === "range")) return;
  if (key in PAN ? arrow(event) : follow(key)) event.preventDefault();
  else if (key in KEYS) {
    KEYS[key]();
    event.preventDefault();
  }
});
addEventListener("keyup", (event) => { if (keyOf(event) === "f") box.dataset.show = "left"; });

buttons.forEach((button) => button.addEventListener("click", () => setMode(button.dataset.mode)));
$("#zoom-in").addEventListener("click", zoomIn);
$("#zoom-out").addEventListener("click", zoomOut);
$("#zoom-fit").addEventListener("click", fit);
$("#zoom-one").addEventListener("click", actual);

linkPairs();
setSplit(50);
const last = ofBrowser.read(MEMORY);
setMode(buttons.some((button) => button.dataset.mode === last) ? last : "side");
fit();
