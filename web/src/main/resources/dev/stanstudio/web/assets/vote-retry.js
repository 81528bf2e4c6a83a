// Sending an answer: it is kept and sent again until the server has it or refuses it.
import { all } from "./dom.js";
import { offerReload, say, setChoices } from "./vote-form.js";

const RETRY_MILLIS = [1000, 2000, 4000, 8000, 15000];
const TOO_EARLY = 425;
const LEADS_ON = [409, 410];
const TOO_EARLY_MILLIS = 500;
let retries = 0;
let timer = 0;

/** Texts in the language of the page. */
const words = document.body.dataset;

/** The button whose answer the server does not have yet. */
let pending = null;

/** Drops what belongs to the trial before. */
export function forgetAnswer() {
  clearTimeout(timer);
  pending = null;
  retries = 0;
}

function send() {
  if (!pending) return;
  pending.disabled = false;
  pending.form.requestSubmit(pending);
}

function retry(reason) {
  const wait = RETRY_MILLIS[Math.min(retries, RETRY_MILLIS.length - 1)];
  retries += 1;
  say(`${reason} ${words.kept.replace("{0}", Math.round(wait / 1000))}`, true);
  timer = setTimeout(send, wait);
}

/** Says why an answer was refused, and how to go on. */
function refuse(xhr) {
  const told = new DOMParser().parseFromString(xhr.responseText, "text/html");
  say(told.body.textContent.trim(), true);
  all(".vote-chosen").forEach((figure) => figure.classList.remove("vote-chosen"));
  if (xhr.status === TOO_EARLY) timer = setTimeout(() => setChoices(true), TOO_EARLY_MILLIS);
  else offerReload();
}

/** A refusal that brings the next trial, or the end, is shown as an answer is. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = event.detail;
  if (LEADS_ON.includes(detail.xhr.status) && detail.xhr.responseText.includes('id="trial"')) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const trigger = event.detail.requestConfig.triggeringEvent;
  const button = trigger && trigger.submitter;
  pending = button || pending;
  if (button && button.classList.contains("choice")) {
    const shown = all(".vote-pictures figure")[Number(button.value) - 1];
    if (shown) shown.classList.add("vote-chosen");
  }
  setChoices(false);
});
document.addEventListener("htmx:sendError", () => retry(words.connection));
document.addEventListener("htmx:timeout", () => retry(words.timeout));
document.addEventListener("htmx:responseError", (event) => {
  const xhr = event.detail.xhr;
  if (xhr.status >= 500) retry(words.busy); else refuse(xhr);
});
