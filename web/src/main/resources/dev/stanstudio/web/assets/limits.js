// What the chosen model can draw, checked before anything is sent.
import { $ } from "./dom.js";
import { countPictures } from "./form.js";
import { sayProblem } from "./problems.js";

function side(name, limits) {
  const text = $("#" + name).value.trim();
  const value = Number(text);
  if (!/^\d+$/.test(text)) return name + " must be a whole number, not '" + text + "'";
  if (value > limits.most) return limits.model + " makes pictures of at most " + limits.most + " pixels a side; the " + name + " is " + value;
  if (value >= limits.step && value % limits.step === 0) return "";
  const below = Math.max(limits.step, Math.floor(value / limits.step) * limits.step);
  const above = Math.min(below + limits.step, Math.floor(limits.most / limits.step) * limits.step);
  const use = value < limits.step || above === below ? below : below + " or " + above;
  return name + " must be divisible by " + limits.step + ", not " + value + "; use " + use;
}

function steps(form, pictures) {
  const text = $("#steps").value.trim();
  if (!/^\d+$/.test(text) || Number(text) < 1) return "steps must be a whole number of at least 1, not '" + text + "'";
  const most = Number(form.dataset.mostSteps);
  const all = pictures * Number(text);
  return all <= most ? "" : pictures + " pictures of " + text + " steps are " + all + " steps; at most " + most
    + " go into one matrix, so take fewer steps or pictures";
}

/** The first field that the model cannot take, and why; nothing where all is well. */
function misfit(form) {
  const option = $("#model").selectedOptions[0];
  const pictures = countPictures();
  const most = Number(form.dataset.mostPictures);
  if (pictures > most) return ["prompts", "that makes " + pictures + " pictures; at most " + most + " go into one matrix"];
  const limits = { model: option.value.split("/").pop(), most: Number(option.dataset.most), step: Number(option.dataset.step) };
  const checks = limits.most ? [["width", side("width", limits)], ["height", side("height", limits)]] : [];
  return [...checks, ["steps", steps(form, pictures)]].find(([, text]) => text);
}

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches(".generate-form")) return;
  const found = misfit(event.target);
  if (!found) return;
  event.preventDefault();
  sayProblem(found[1], found[0]);
});
