// The bar: the entry of this page in sight, and the numbers of work that runs, waits and has failed.
import { $ } from "./dom.js";

const PAUSE_MILLIS = 8000;
const SOON_MILLIS = 2000;

/** Pixels of the bar that are kept for what follows the entry of this page. */
const BEHIND = 64;
const badge = $("[data-badge]");

// On a phone the entries scroll sideways.
const here = $(".page-bar nav [aria-current]");
if (here) {
  const bar = here.parentElement;
  bar.scrollLeft += here.getBoundingClientRect().right - bar.getBoundingClientRect().right + BEHIND;
}

function show(counts) {
  const open = counts.running + counts.queued;
  const failed = counts.failed;
  badge.textContent = open || failed ? (open ? String(open) : "") + (failed ? " !" : "") : "";
  badge.dataset.failed = failed ? "yes" : "no";
  const words = [];
  if (counts.running) words.push(counts.running + " running");
  if (counts.queued) words.push(counts.queued + " waiting");
  if (failed) words.push(failed + " failed");
  badge.title = words.join(", ");
  const link = badge.closest("a");
  if (words.length) link.setAttribute("aria-label", "Jobs: " + words.join(", "));
  else link.removeAttribute("aria-label");
}

/** Says that the studio is gone, or no more; the Generate page says it itself. */
function sayAway(away) {
  const said = $(".page-away");
  if (said && !away) said.remove();
  if (said || !away || $("#connection")) return;
  const line = document.createElement("p");
  line.className = "page-away";
  line.setAttribute("role", "status");
  line.textContent = "The studio does not answer. Is it still running? What you have typed stays here; send it when this line is gone.";
  $(".page-bar").after(line);
}

let missed = 0;

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(badge.dataset.badge, { headers: { Accept: "application/json" } });
    missed = 0;
    sayAway(false);
    if (answer.ok) show(await answer.json());
  } catch (e) {
    badge.title = "";
    missed += 1;
    // One alone may be a page that is being left.
    if (missed > 1) sayAway(true); else setTimeout(refresh, SOON_MILLIS);
  }
}

if (badge) {
  refresh();
  setInterval(refresh, PAUSE_MILLIS);
  document.addEventListener("visibilitychange", refresh);
  addEventListener("jobs-moved", refresh);
}
