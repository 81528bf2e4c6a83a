// The styles of the form: a filter, all and none of what it shows, and how many are chosen.
import { $, all, around } from "./dom.js";
import { countPictures } from "./form.js";

export function countStyles() {
  const boxes = all('input[name="style"]');
  $("#style-count").textContent = boxes.filter((box) => box.checked).length + " of " + boxes.length;
}

function filter(text) {
  const letters = text.trim().toLowerCase();
  const choices = all(".style-choice");
  choices.forEach((choice) => { choice.hidden = !choice.textContent.toLowerCase().includes(letters); });
  $("#style-nothing").hidden = choices.some((choice) => !choice.hidden);
}

document.addEventListener("input", (event) => {
  if (event.target.id === "style-filter") filter(event.target.value);
  if (event.target.name === "style") countStyles();
});
document.addEventListener("keydown", (event) => {
  if (event.target.id === "style-filter" && event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const button = around(event, "[data-styles]");
  if (!button) return;
  all(".style-choice").filter((choice) => !choice.hidden)
    .forEach((choice) => { $("input", choice).checked = button.dataset.styles === "all"; });
  countStyles();
  countPictures();
  $("#more-styles").dispatchEvent(new Event("input", { bubbles: true }));
});
