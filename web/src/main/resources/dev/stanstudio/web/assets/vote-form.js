// The answers of a trial and the notice under them.
import { $, all } from "./dom.js";

export function say(text, trouble) {
  const notice = $("#notice");
  if (!notice) return;
  notice.textContent = text;
  notice.classList.toggle("trouble", trouble);
}

export function setChoices(enabled) {
  all(".choice").forEach((button) => { button.disabled = !enabled; });
}

/** Adds a way out to a notice. */
export function offerReload() {
  const notice = $("#notice");
  if (!notice) return;
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = document.body.dataset.reload;
  notice.append(" ", link);
}
