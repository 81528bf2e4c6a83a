// Prompts: examples that fill them, and what the model reads of them.
import { $, all, around } from "./dom.js";
import { ofBrowser } from "./memory.js";

const QUIET = 400;
const MEMORY = "examples-closed";
const FIELDS = ["prompts", "more-styles", "model", "choices", "seeds"];
const BOXES = ["style", "syntax"];

let waiting = 0;
let asked = 0;

/** Examples are the built-in model's alone. */
function showExamples() {
  const examples = $(".prompt-examples");
  examples.hidden = $("#model").value !== examples.dataset.model;
  examples.open = ofBrowser.read(MEMORY) !== true;
}

async function read() {
  const form = $(".generate-form");
  const data = new URLSearchParams();
  FIELDS.forEach((name) => data.append(name, $('[name="' + name + '"]', form).value));
  BOXES.forEach((name) => all('input[name="' + name + '"]:checked', form).forEach((box) => data.append(name, box.value)));
  const mine = ++asked;
  try {
    const answer = await fetch("/generate/reading", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const html = answer.ok ? await answer.text() : "";
    if (mine === asked) $("#reading").innerHTML = html;
  } catch {
    // The banner says that the studio is gone.
  }
}

function readSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(read, QUIET);
}

/** Puts a prompt in the place of those that nobody has changed, or below them. */
function use(prompt) {
  const field = $("#prompts");
  const untouched = field.value === field.defaultValue || !field.value.trim() || field.value === field.dataset.used;
  field.value = untouched ? prompt : field.value.trimEnd() + "\n" + prompt;
  if (untouched) field.dataset.used = prompt;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

document.addEventListener("click", (event) => {
  const button = around(event, "[data-prompt]");
  if (button) use(button.dataset.prompt);
});
document.addEventListener("input", (event) => {
  if (FIELDS.includes(event.target.name) || BOXES.includes(event.target.name)) readSoon();
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "model") return;
  showExamples();
  readSoon();
});
document.addEventListener("click", (event) => {
  if (around(event, ".prompt-examples > summary")) ofBrowser.write(MEMORY, $(".prompt-examples").open);
});
document.body.addEventListener("form-filled", () => {
  showExamples();
  readSoon();
});
showExamples();
read();
