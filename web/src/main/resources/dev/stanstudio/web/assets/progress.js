// How much of the matrix is drawn, and how long the rest takes.
import { $, all } from "./dom.js";

const MINUTE = 60;

let running = 0;
let places = {};

/** What is known of the pictures that are drawn now: when their first step was seen, and steps. */
const drawn = new Map();

export function noteQueue(message) {
  running = message.running;
  places = message.places;
  showProgress();
}

export function noteDrawing(message) {
  const known = drawn.get(message.id);
  drawn.set(message.id, { since: known ? known.since : performance.now(), from: known ? known.from : message.done, ...message });
  showProgress();
}

const share = (step) => step ? Math.min(1, step.done / step.steps) : 0;

/** Seconds for one picture: of those that are drawn, else by the steps of one that is. */
function secondsEach(cells) {
  const known = cells.map((cell) => Number(cell.dataset.seconds)).filter((seconds) => seconds > 0);
  if (known.length) return known.reduce((sum, seconds) => sum + seconds) / known.length;
  const rates = [...drawn.values()].filter((step) => step.done > step.from)
    .map((step) => (performance.now() - step.since) / 1000 / (step.done - step.from) * step.steps);
  return rates.length ? rates[0] : 0;
}

function inWords(seconds) {
  if (seconds < MINUTE) return "about " + Math.max(1, Math.round(seconds)) + " s left";
  if (seconds < 90 * MINUTE) return "about " + Math.round(seconds / MINUTE) + " min left";
  return "about " + (seconds / MINUTE / MINUTE).toFixed(1) + " h left";
}

/** Pictures that are drawn before the last of these is: those of other matrices too. */
function ahead(waiting) {
  const last = Math.max(0, ...waiting.map((cell) => places[cell.dataset.id] || 0));
  return Math.max(last, waiting.length);
}

export function showProgress() {
  const place = $("#matrix-progress");
  if (!place) return;
  const cells = all(".matrix .cell");
  const of = (state) => cells.filter((cell) => cell.dataset.state === state);
  const drawing = of("running");
  const waiting = of("queued");
  place.hidden = drawing.length + waiting.length === 0;
  if (place.hidden) return;
  const done = of("done").length;
  const total = done + drawing.length + waiting.length;
  const begun = drawing.map((cell) => share(drawn.get(cell.dataset.id))).reduce((sum, part) => sum + part, 0);
  $("progress", place).max = total;
  $("progress", place).value = done + begun;
  const each = secondsEach(cells);
  const left = (ahead(waiting) + drawing.length - begun) * each / Math.max(1, running);
  $("#matrix-left").textContent = done + " of " + total + (each ? " · " + inWords(left) : "");
}
