// Files that are dropped on the page: their settings are taken, or they are started from, or control.
import { $, around } from "./dom.js";
import { controlBy } from "./control.js";
import { recall } from "./recall.js";
import { startFrom } from "./start.js";

/** How long the zones stay without a sign that the file is still over the page. */
const GONE = 400;
const MARGIN = 12;

const zones = $("#drop-zones");
const note = $("#drop-note");
let hiding = 0;

function hideZones() {
  clearTimeout(hiding);
  zones.hidden = true;
}

/** An empty place for words beside where the file was dropped. */
function noteAt(x, y) {
  note.replaceChildren();
  note.style.left = Math.max(MARGIN, Math.min(x, innerWidth - 320 - MARGIN)) + "px";
  note.style.top = Math.max(MARGIN, Math.min(y, innerHeight - 140)) + "px";
  return note;
}

function offerStart(file) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = "Start from it instead";
  button.addEventListener("click", async () => { note.hidden = await startFrom(file, note); });
  note.append(button);
}

function closeButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small";
  button.textContent = "Close";
  button.addEventListener("click", () => { note.hidden = true; });
  note.append(button);
}

const TAKES = { settings: recall, start: startFrom, control: controlBy };

async function take(file, use, x, y) {
  const place = noteAt(x, y);
  const taken = await TAKES[use](file, place);
  note.hidden = taken;
  if (taken) return;
  if (use === "settings" && file.type.startsWith("image/")) offerStart(file);
  closeButton();
}

function onFiles(name, handle) {
  addEventListener(name, (event) => {
    if (event.dataTransfer && [...event.dataTransfer.types].includes("Files")) handle(event);
  });
}

onFiles("dragover", (event) => {
  event.preventDefault();
  zones.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(hideZones, GONE);
});
onFiles("drop", (event) => {
  event.preventDefault();
  hideZones();
  const zone = around(event, "[data-drop]");
  const file = event.dataTransfer.files[0];
  if (file) take(file, zone ? zone.dataset.drop : "settings", event.clientX, event.clientY);
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") note.hidden = true; });
