// The large canvas on which the mask of the picture to start from is painted.
import { $, around } from "./dom.js";
import { MaskHistory } from "./mask-history.js";
import { apply, clear, drawStroke, readMask, toAddress } from "./mask-paint.js";
import { followPointer, showRing } from "./mask-pointer.js";
import { sayNoAnswer, showRefusalIn } from "./problems.js";

const dialog = $("#mask-editor");
const canvas = $("canvas", dialog);
const board = $(".mask-board", dialog);
const ring = $(".mask-ring", dialog);
const size = $("#mask-size");
const soft = $("#mask-feather");

let history = new MaskHistory();
let stroke = null;
let erase = false;
let zoom = 1;

/** Changes that the mask of the form counts as. */
let loaded = 0;

/** The picture fills the stage at zoom 1, whole. */
function layOut() {
  const stage = $(".mask-stage", dialog);
  const fit = Math.min(stage.clientWidth, stage.clientHeight * canvas.width / canvas.height);
  board.style.width = fit * zoom + "px";
  const drawn = Number($("#width").value) || canvas.width;
  canvas.style.filter = Number(soft.value) ? "blur(" + Number(soft.value) * fit * zoom / drawn + "px)" : "";
}

function redraw() {
  clear(canvas);
  history.done.forEach((change) => apply(canvas, change));
}

function change(made) {
  history.add(made);
  apply(canvas, made);
}

/** Makes the brush about a seventh larger or smaller, by at least a pixel. */
function resize(larger) {
  const now = Number(size.value);
  size.value = larger ? Math.max(now + 1, now * 1.15) : Math.min(now - 1, now / 1.15);
  showRing(ring, canvas, Number(size.value));
}

function choose(eraser) {
  erase = eraser;
  $('[data-mask="paint"]').setAttribute("aria-pressed", String(!eraser));
  $('[data-mask="erase"]').setAttribute("aria-pressed", String(eraser));
}

function showFeather() {
  $("#mask-feather-value").textContent = soft.value;
  layOut();
}

function scale(to) {
  zoom = Math.min(8, Math.max(1, to));
  layOut();
}

/** Opens with the mask that the form has. */
async function open() {
  const picture = $("[data-start-picture]");
  canvas.width = Number(picture.getAttribute("width"));
  canvas.height = Number(picture.getAttribute("height"));
  $("img", board).src = picture.src;
  history = new MaskHistory();
  const longest = Math.max(canvas.width, canvas.height);
  size.max = longest;
  size.value = Math.max(2, Math.round(longest / 10));
  soft.value = Number($("#feather").value) || 0;
  zoom = 1;
  choose(false);
  $("#mask-problem").replaceChildren();
  dialog.showModal();
  showFeather();
  const shown = $("[data-start-mask]").getAttribute("src");
  if (shown) change({ picture: await readMask(shown) });
  loaded = history.done.length;
  dialog.dataset.ready = "yes";
}

/** Puts the mask into the form, however the editor is closed. */
function keep() {
  delete dialog.dataset.ready;
  stroke = null;
  $("#feather").value = soft.value;
  // A mask that nobody has touched stays the stored one.
  if (history.done.length + history.undone.length > loaded) showMask(toAddress(canvas));
}

function showMask(address) {
  $('input[name="mask"]').value = address;
  const shown = $("[data-start-mask]");
  if (address) shown.src = address; else shown.removeAttribute("src");
  $("[data-mask-state]").textContent = address ? "Only the clear part changes." : "No mask: all of it changes.";
}

async function upload(file) {
  const data = new FormData();
  data.append("picture", file);
  data.append("image", $('input[name="image"]').value);
  const place = $("#mask-problem");
  try {
    const answer = await fetch("/generate/mask", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok) {
      showRefusalIn(place, await answer.text());
      return;
    }
    place.replaceChildren();
    change({ picture: await readMask((await answer.json()).address) });
  } catch {
    sayNoAnswer(place);
  }
}

const TOOLS = {
  done: () => dialog.close(),
  paint: () => choose(false),
  erase: () => choose(true),
  undo: () => { if (history.undo()) redraw(); },
  redo: () => { if (history.redo()) redraw(); },
  invert: () => change({ invert: true }),
  clear: () => change({ clear: true }),
  out: () => scale(zoom / 1.5),
  fit: () => scale(1),
  in: () => scale(zoom * 1.5),
};

/** The tool of a key, whatever Caps Lock says. */
function toolOf(event) {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
  return { b: "paint", e: "erase", i: "invert", "+": "in", "-": "out", 0: "fit" }[key] || "";
}

followPointer(canvas, ring, {
  size: () => Number(size.value),
  begin: (point) => {
    stroke = { erase, size: Number(size.value), points: [point] };
    history.add(stroke);
    drawStroke(canvas, stroke);
  },
  go: (points) => {
    if (!stroke) return;
    const from = stroke.points.length;
    stroke.points.push(...points);
    drawStroke(canvas, stroke, from);
  },
  end: () => { stroke = null; },
});

document.addEventListener("click", (event) => {
  if (around(event, "[data-mask-open]")) open();
  const tool = around(event, "[data-mask]");
  if (tool) TOOLS[tool.dataset.mask]();
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === "[" || event.key === "]") resize(event.key === "]");
  else if (toolOf(event)) TOOLS[toolOf(event)]();
  else return;
  event.preventDefault();
});
dialog.addEventListener("close", keep);
soft.addEventListener("input", showFeather);
size.addEventListener("input", () => showRing(ring, canvas, Number(size.value)));
$("#mask-file").addEventListener("change", (event) => {
  if (event.target.files[0]) upload(event.target.files[0]);
  event.target.value = "";
});
addEventListener("resize", () => { if (dialog.open) layOut(); });
