// The Generate page. Without it the form still works.
import { $, showNoAnswer, showRefusals, showStep } from "./dom.js";
import { arrangeCells, replaceCell, setPlaces } from "./cells.js";
import { countPictures } from "./form.js";
import { listenJson } from "./live.js";
import { preparePainting } from "./mask.js";
import { showQueue } from "./queue.js";
import "./keys.js";
import "./recall.js";

let lost = false;

function refresh() {
  arrangeCells();
  countPictures();
  preparePainting();
}

listenJson("/generate/events", {
  cell: replaceCell,
  step: showStep,
  queue: (message) => {
    setPlaces(message.places);
    showQueue(message);
  },
  error: () => { lost = true; },
  open: () => {
    // What happened while the connection was lost is fetched at once.
    const table = $(".matrix");
    if (lost && table) htmx.ajax("GET", "/generate/" + table.dataset.matrix + "/table", { target: "#matrix", swap: "innerHTML" });
    lost = false;
  },
});

showRefusals("#problem", (path) => path === "/generate");
document.body.addEventListener("htmx:sendError", () => showNoAnswer("#problem"));
document.body.addEventListener("htmx:afterSwap", refresh);
refresh();
