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

/** The columns of the matrix: adapters that are used together share one. */
function countMethods(form) {
  const chosen = all('input[name="method"]:checked', form).map((box) => box.value);
  const adapters = chosen.filter((name) => name !== "none").length;
  const together = $('input[name="together"]', form).checked;
  return chosen.length - (together && adapters ? adapters - 1 : 0);
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
document.addEventListener("click", (event) => {
  if (!around(event, "[data-random-seed]")) return;
  $("#seeds").value = Math.floor(Math.random() * 2147483647);
  countPictures();
});
