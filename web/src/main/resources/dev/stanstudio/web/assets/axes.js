// Axes: the field of values opens with the choice of a setting, and shows how they may look.
import { $, all, around } from "./dom.js";
import { countPictures } from "./form.js";

/** The saved states of the first ticked adapter that has some. */
function states() {
  const boxes = all('input[name="method"]:checked');
  return boxes.map((box) => box.dataset.states).find(Boolean);
}

/** The blocks of the chosen model in thirds, each alone. */
function thirds() {
  const model = $("#model");
  const n = Number(model?.selectedOptions[0]?.dataset.blocks || 0);
  if (n < 3) return "";
  const ends = [0, Math.ceil(n / 3), Math.ceil(2 * n / 3), n];
  return [0, 1, 2].map((i) => ends[i] === ends[i + 1] - 1 ? String(ends[i]) : ends[i] + "-" + (ends[i + 1] - 1)).join("; ");
}

const EXAMPLES = { checkpoint: states, blocks: thirds };

function show(line) {
  const [select, input] = line.children;
  const kind = select.selectedOptions[0];
  input.disabled = !kind.value;
  input.placeholder = EXAMPLES[kind.value]?.() || kind.dataset.example || "";
}

const showAll = () => all(".axes-line").forEach(show);

document.addEventListener("change", (event) => {
  if (event.target.name === "method" || event.target.name === "model") showAll();
  const line = around(event, ".axes-line");
  if (!line || event.target.localName !== "select") return;
  show(line);
  const input = line.children[1];
  if (!input.value && !input.disabled) input.value = input.placeholder;
  countPictures();
});
document.body.addEventListener("form-filled", showAll);
showAll();
