// The zoom and place that both compared pictures share. Zoom 1 shows whole pictures.
import { $ } from "./dom.js";

const MOST = 16;
const STEP = 1.25;
const box = $("#compare");
const view = { zoom: 1, x: 0, y: 0 };

export const isZoomed = () => view.zoom > 1.001;

/** The size of a window, and the factor with which the left picture is shown at zoom 1. */
function measure() {
  const frame = $(".compare-window", box);
  const image = $("img", frame);
  const width = Number(image.getAttribute("width"));
  const height = Number(image.getAttribute("height"));
  const fit = Math.min(frame.clientWidth / width, frame.clientHeight / height);
  return { frame, fit, width: width * fit, height: height * fit };
}

const between = (value, least, most) => Math.min(most, Math.max(least, value));

/** Keeps a picture that is larger than its window over it, and a smaller one in its middle. */
const within = (place, picture, frame) => {
  const room = Math.max(0, (picture - frame) / 2);
  return between(place, -room, room);
};

export function setView(zoom, x, y) {
  const at = measure();
  const one = 1 / at.fit;
  view.zoom = between(zoom, Math.min(1, one), Math.max(MOST, MOST * one));
  view.x = within(x, at.width * view.zoom, at.frame.clientWidth);
  view.y = within(y, at.height * view.zoom, at.frame.clientHeight);
  box.style.setProperty("--zoom", view.zoom);
  box.style.setProperty("--x", view.x + "px");
  box.style.setProperty("--y", view.y + "px");
  box.dataset.zoomed = isZoomed() ? "yes" : "no";
  $("#zoom-now").textContent = Math.round(view.zoom * at.fit * 100) + " %";
}

export const move = (dx, dy) => setView(view.zoom, view.x + dx, view.y + dy);

/** Zooms by a factor around a point, given from the middle of a window. */
export function zoomBy(factor, x = 0, y = 0) {
  const before = view.zoom;
  const at = measure();
  const zoom = between(before * factor, Math.min(1, 1 / at.fit), Math.max(MOST, MOST / at.fit));
  setView(zoom, x - (x - view.x) * zoom / before, y - (y - view.y) * zoom / before);
}

export const zoomIn = () => zoomBy(STEP);
export const zoomOut = () => zoomBy(1 / STEP);
export const fit = () => setView(1, 0, 0);

/** Shows a pixel of the left picture as a pixel of the page. */
export const actual = () => zoomBy(1 / measure().fit / view.zoom);

/** Where a point of the page lies, from the middle of the window that is under it. */
export function fromMiddle(target, clientX, clientY) {
  const frame = (target.closest && target.closest(".compare-window")) || $(".compare-window", box);
  const edge = frame.getBoundingClientRect();
  return [clientX - edge.left - edge.width / 2, clientY - edge.top - edge.height / 2];
}

addEventListener("resize", () => move(0, 0));
