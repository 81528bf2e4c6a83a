// The cells of the matrix: one is replaced when the server says that its picture changed.
import { $, all } from "./dom.js";
import { showSize } from "./cell-size.js";

/** The places of waiting pictures in the queue, so that cells that come later can show theirs. */
let places = {};

export function setPlaces(now) {
  places = now;
  all('.cell[data-state="queued"]').forEach(dress);
}

function dress(cell) {
  const mat = $(".mat", cell);
  if (mat && mat.dataset.ratio) mat.style.aspectRatio = mat.dataset.ratio;
  const place = $(".place", cell);
  if (place) place.textContent = places[cell.dataset.id] ? "waits, no. " + places[cell.dataset.id] : "waits";
}

const isPending = (cell) => cell.dataset.state === "queued" || cell.dataset.state === "running";

/** Rows and columns can be cancelled while something of them is to be drawn. */
function showLineButtons(table) {
  const rows = all("tbody tr", table);
  const pending = rows.map((tr) => all("td", tr).map((td) => all(".cell", td).some(isPending)));
  rows.forEach((tr, i) => $(".matrix-cancel", tr).classList.toggle("on", pending[i].includes(true)));
  all("thead .matrix-cancel", table).forEach((button, i) => button.classList.toggle("on", pending.some((row) => row[i])));
}

/** Gives cells their shape and their column's name, and shows the buttons that make sense now. */
export function arrangeCells() {
  all(".cell").forEach(dress);
  const table = $(".matrix");
  if (!table) return;
  const heads = all("thead th", table).map((th) => th.dataset.label);
  all("tbody tr", table).forEach((tr) =>
    all("td", tr).forEach((td, i) => { td.dataset.column = heads[i] || ""; }));
  showSize();
  const states = all(".cell", table).map((cell) => cell.dataset.state);
  const on = {
    pending: states.some((s) => s === "queued" || s === "running"),
    drawn: states.includes("done"),
    retriable: states.some((s) => s === "failed" || s === "cancelled"),
  };
  showLineButtons(table);
  const compare = $("#compare-matrix");
  if (compare) compare.hidden = states.filter((s) => s === "done").length < 2;
  all("[data-while]").forEach((e) => e.classList.toggle("on", on[e.dataset.while]));
  if (!$('.cell[tabindex="0"]', table)) {
    const first = $(".cell", table);
    if (first) first.tabIndex = 0;
  }
}

/** Reads a cell without loading its pictures, which those of the page's own nodes are, in sight or not. */
function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

function keepPreview(old, fresh) {
  const shown = $(".preview", old);
  const next = $(".preview", fresh);
  if (next && shown && shown.getAttribute("src")) next.src = shown.getAttribute("src");
}

/** Returns whether nothing changes: a connection tells of every finished cell again. */
function isSame(old, fresh) {
  return old.dataset.state === "done" && ["state", "starred"].every((name) => old.dataset[name] === fresh.dataset[name]);
}

export function replaceCell(message) {
  const old = document.getElementById("cell-" + message.id);
  if (!old) return;
  const focused = old.contains(document.activeElement);
  const told = parse(message.html);
  if (isSame(old, told)) return;
  const fresh = document.importNode(told, true);
  fresh.tabIndex = old.tabIndex;
  keepPreview(old, fresh);
  const put = () => {
    old.replaceWith(fresh);
    htmx.process(fresh);
    arrangeCells();
    if (focused) fresh.focus({ preventScroll: true });
  };
  // The finished picture takes the preview's place when it is there, so that nothing flashes.
  const image = message.state === "done" ? $("img", fresh) : null;
  if (image) {
    image.loading = "eager";
    image.decode().then(put, put);
  } else {
    put();
  }
  if (message.say) $("#spoken").textContent = "Drawn: " + message.say;
}
