// The voting page: answers wait until all pictures are there and have been seen; keys.
// Without this script the page works too, by plain forms.
import { $, all, around, isShortcut } from "./dom.js";
import { say, setChoices } from "./vote-form.js";
import { forgetAnswer } from "./vote-retry.js";
import { enlarge } from "./zoom.js";

const RELOAD_MILLIS = 3000;
let timer = 0;

const trial = () => $("section#trial");

function viewport() {
  return `${innerWidth}x${innerHeight}@${devicePixelRatio}`;
}

function preload(addresses) {
  addresses.split(" ").filter(Boolean).forEach((address) => { new Image().src = address; });
}

/** Shows the pictures, all at once, and takes an answer when they have been seen long enough. */
function begin(section) {
  section.classList.remove("loading");
  timer = setTimeout(() => setChoices(true), Number(section.dataset.min));
  preload(section.dataset.next);
}

function reload() {
  say(document.body.dataset.picture, true);
  timer = setTimeout(() => location.reload(), RELOAD_MILLIS);
}

function focusQuestion(options) {
  const heading = $("#question");
  if (heading) heading.focus(options);
}

/** Prepares the trial that the page shows now; focus stays where it is on the first. */
function prepare(first) {
  const section = trial();
  clearTimeout(timer);
  forgetAnswer();
  if (!section) {
    focusQuestion();
    return;
  }
  $("[name=viewport]", section).value = viewport();
  setChoices(false);
  section.classList.add("loading");
  const whileShown = (act) => () => { if (section === trial()) act(section); };
  Promise.all(all(".vote-pictures img", section).map((image) => image.decode()))
    .then(whileShown(begin), whileShown(reload));
  if (!first) focusQuestion({ preventScroll: true });
}

function press(key) {
  const button = $(`[data-key="${key}"]`);
  if (button && !button.disabled) button.click();
}

document.addEventListener("keydown", (event) => {
  if (isShortcut(event) || event.repeat || $("dialog[open]")) return;
  if (/^[0-9]$/.test(event.key)) press(event.key);
  if (event.key === "u" || event.key === "U" || event.key === "Backspace") press("u");
});

document.addEventListener("click", (event) => {
  const look = around(event, ".vote-look, .vote-reference");
  if (!look) return;
  const group = look.classList.contains("vote-look") ? ".vote-pictures" : ".vote-strip";
  enlarge(all(`${group} img`), Number(look.dataset.slot) - 1, document.body.dataset);
});

document.addEventListener("htmx:afterSwap", () => prepare(false));
prepare(true);
