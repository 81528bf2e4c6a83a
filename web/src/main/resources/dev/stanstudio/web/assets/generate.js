// The Generate page. Without it the form still works.
import { $, all, showStep } from "./dom.js";
import { comparePictures } from "./compare-pairs.js";
import { arrangeCells, replaceCell, setPlaces } from "./cells.js";
import { connectionBack, connectionLost } from "./connection.js";
import { countPictures } from "./form.js";
import { listenJson } from "./live.js";
import { clearProblems } from "./problems.js";
import { noteDrawing, noteQueue, showProgress } from "./progress.js";
import { showQueue } from "./queue.js";
import "./axes.js";
import "./control.js";
import "./ip-adapter.js";
import "./drop.js";
import "./intro.js";
import "./keys.js";
import "./limits.js";
import "./mask-editor.js";
import "./overlay.js";
import "./presets.js";
import "./prompts.js";
import "./recall.js";
import "./styles.js";

function refresh() {
  arrangeCells();
  countPictures();
  showProgress();
}

/** Compares the pictures of the matrix, those of a row with each other. */
document.addEventListener("click", (event) => {
  if (event.target.id !== "compare-matrix") return;
  comparePictures(all('.matrix .cell[data-state="done"]').map((cell) => cell.dataset.id));
});

/** Where the pictures stand below the form, they come into sight when they are ordered. */
document.body.addEventListener("htmx:afterSwap", (event) => {
  const ordered = event.detail.requestConfig.path === "/generate" && event.detail.requestConfig.verb === "post";
  if (ordered && matchMedia("(max-width: 760px)").matches) $("#stage").scrollIntoView({ block: "start" });
});

/** Fetches what happened while the connection was lost. */
function catchUp() {
  clearProblems();
  const table = $(".matrix");
  if (table) htmx.ajax("GET", "/generate/" + table.dataset.matrix + "/table", { target: "#matrix", swap: "innerHTML" });
  document.body.dispatchEvent(new Event("queue-changed"));
}

listenJson("/generate/events", {
  cell: (message) => {
    replaceCell(message);
    showProgress();
  },
  step: (message) => {
    showStep(message);
    noteDrawing(message);
  },
  queue: (message) => {
    noteQueue(message);
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
