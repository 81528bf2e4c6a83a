// The Generate page. Without it the form still works.
import { $, showStep } from "./dom.js";
import { arrangeCells, replaceCell, setPlaces } from "./cells.js";
import { connectionBack, connectionLost } from "./connection.js";
import { countPictures } from "./form.js";
import { listenJson } from "./live.js";
import { clearProblems } from "./problems.js";
import { showQueue } from "./queue.js";
import "./drop.js";
import "./keys.js";
import "./limits.js";
import "./mask-editor.js";
import "./recall.js";

function refresh() {
  arrangeCells();
  countPictures();
}

/** Fetches what happened while the connection was lost. */
function catchUp() {
  clearProblems();
  const table = $(".matrix");
  if (table) htmx.ajax("GET", "/generate/" + table.dataset.matrix + "/table", { target: "#matrix", swap: "innerHTML" });
  document.body.dispatchEvent(new Event("queue-changed"));
}

listenJson("/generate/events", {
  cell: replaceCell,
  step: showStep,
  queue: (message) => {
    setPlaces(message.places);
    showQueue(message);
  },
  error: connectionLost,
  open: () => { if (connectionBack()) catchUp(); },
});

/** Keeps what has the focus above the bar with Draw, however high that is. */
const bar = $(".generate-go");
if (bar) {
  new ResizeObserver(() => {
    const panel = $(".generate-panel");
    const now = $(".generate-go");
    if (now) panel.style.scrollPaddingBottom = document.documentElement.style.scrollPaddingBottom = now.offsetHeight + 8 + "px";
  }).observe($(".generate-form"));
}

document.body.addEventListener("htmx:afterSwap", refresh);
refresh();
