// One feature: pictures that are drawn with it changed, and without.
import { $, showRefusals, showStep } from "./dom.js";
import { listenJson } from "./live.js";

const slider = $("#factor");

function words() {
  const value = Number(slider.value);
  if ($("#way").value === "add") return "+ " + value;
  if (value === 0) return "off";
  return value === 1 ? "as it is" : "× " + value;
}

function showWords() {
  $("#factor-words").textContent = words();
}

document.addEventListener("input", showWords);
showWords();
showRefusals("#steer-problem");

listenJson("/generate/events", {
  cell: (message) => {
    const pair = $("[data-pictures]");
    if (pair && pair.dataset.pictures.includes(message.id)) htmx.trigger(pair, "picture-changed");
  },
  step: showStep,
});
