// The form of the Generate page: how many pictures it asks for, and a seed by chance.
import { $, all, around } from "./dom.js";

const entries = (text, separator) => text.split(separator).filter((part) => part.trim());

/** Seeds have 64 bits, more than a number here holds. */
function countSeeds(text) {
  let seeds = 0;
  for (const part of entries(text, /[,;\s]+/)) {
    const range = /^(\d+)[-–…](\d+)$/.exec(part);
    seeds += range ? Math.max(1, Number(BigInt(range[2]) - BigInt(range[1])) + 1) : 1;
  }
  return seeds || 1;
}

/** The values of an axis; a range counts its steps. */
function countValues(text, separator) {
  if (separator === ";") return Math.max(1, entries(text, ";").length);
  let n = 0;
  for (const part of entries(text, /[,;]/)) {
    const range = /(-?[\d.]+)\s*[-–…]\s*(-?[\d.]+)(?:\s*\/\s*([\d.]+))?\s*$/.exec(part);
    n += range ? Math.max(1, Math.floor((range[2] - range[1]) / (range[3] || 1) + 1.000001)) : 1;
  }
  return Math.max(1, n);
}

/** The pictures of one prompt, style and seed: methods along the axes; adapters together are one. */
function countMethods(form) {
  const chosen = all('input[name="method"]:checked', form).map((box) => box.value);
  const adapters = chosen.filter((name) => name !== "none").length;
  const together = $('input[name="together"]', form).checked;
  let ofAll = 1;
  let ofAdapters = 1;
  all(".axes-line", form).forEach((line) => {
    const kind = $("select", line).selectedOptions[0];
    if (!kind.value) return;
    const n = countValues($("input", line).value, kind.dataset.separator);
    if (kind.dataset.adapters === "yes") ofAdapters *= n; else ofAll *= n;
  });
  return (chosen.length - adapters + (together && adapters ? 1 : adapters) * ofAdapters) * ofAll;
}

/** Writes on the button how many pictures it makes, and returns that. */
export function countPictures() {
  const form = $(".generate-form");
  const label = $("#draw-count");
  if (!form || !label) return 0;
  const prompts = entries($("#prompts").value, "\n").length;
  const styles = all('input[name="style"]:checked', form).length + entries($("#more-styles").value, ",").length || 1;
  const n = prompts * styles * countMethods(form) * countSeeds($("#seeds").value);
  label.textContent = n === 1 ? "1 picture" : n + " pictures";
  return n;
}

document.addEventListener("input", countPictures);
document.addEventListener("change", countPictures);
document.addEventListener("click", (event) => {
  if (!around(event, "[data-random-seed]")) return;
  $("#seeds").value = Math.floor(Math.random() * 2147483647);
  countPictures();
});
