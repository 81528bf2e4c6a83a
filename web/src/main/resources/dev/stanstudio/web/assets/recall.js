// The settings of a picture that is dropped on the page, or chosen, fill the form.
import { $, showNoAnswer } from "./dom.js";
import { countPictures } from "./form.js";
import { preparePainting } from "./mask.js";

function fill(html) {
  $("#order").innerHTML = html;
  htmx.process($("#order"));
  countPictures();
  preparePainting();
  $("#prompts").focus();
}

async function recall(file) {
  const data = new FormData();
  data.append("picture", file);
  try {
    const answer = await fetch("/generate/recall", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (answer.ok) fill(html); else $("#problem").innerHTML = html;
  } catch (e) {
    showNoAnswer("#problem");
  }
}

/** Elements entered and not yet left while a file is dragged over the page. */
let depth = 0;

function setDepth(now) {
  depth = Math.max(0, now);
  document.body.classList.toggle("dropping", depth > 0);
}

function onFiles(name, handle) {
  addEventListener(name, (event) => {
    if (event.dataTransfer && [...event.dataTransfer.types].includes("Files")) handle(event);
  });
}

onFiles("dragenter", () => setDepth(depth + 1));
onFiles("dragleave", () => setDepth(depth - 1));
onFiles("dragover", (event) => event.preventDefault());
onFiles("drop", (event) => {
  event.preventDefault();
  setDepth(0);
  if (event.dataTransfer.files[0]) recall(event.dataTransfer.files[0]);
});
document.addEventListener("change", (event) => {
  if (event.target.id === "drop-file" && event.target.files[0]) recall(event.target.files[0]);
});
