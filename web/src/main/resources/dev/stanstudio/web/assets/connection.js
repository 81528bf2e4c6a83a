// The banner that tells that the studio is gone, and that it is back.
import { $ } from "./dom.js";

const PATIENCE = 1000;
const SHOWN = 6000;

let waiting = 0;
let lost = false;

function show(text, state) {
  const banner = $("#connection");
  banner.textContent = text;
  banner.dataset.state = state;
  banner.hidden = !text;
}

/** A studio that has started again knows no earlier login. */
async function askWhy() {
  show("The studio does not answer. What you have typed stays here; the page goes on by itself when the studio is back.", "gone");
  $("#lamp").dataset.gone = "yes";
  try {
    const answer = await fetch("/generate/queue", { headers: { "HX-Request": "true" } });
    if (answer.status !== 401 && answer.status !== 403) return;
    const link = document.createElement("a");
    link.href = "/login";
    link.textContent = "Log in again";
    show("The studio was started again. ", "gone");
    $("#connection").append(link);
  } catch {
    // It is gone, which the banner says.
  }
}

export function connectionLost() {
  lost = true;
  if (!waiting) waiting = setTimeout(askWhy, PATIENCE);
}

/** True where the connection had been lost, so that what is shown is old. */
export function connectionBack() {
  const was = lost;
  clearTimeout(waiting);
  waiting = 0;
  lost = false;
  delete $("#lamp").dataset.gone;
  if (was && $("#connection").dataset.state === "gone") {
    show("The studio is back.", "back");
    setTimeout(() => { if (!lost) show("", ""); }, SHOWN);
  }
  return was;
}
