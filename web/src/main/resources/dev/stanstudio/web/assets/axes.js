// Axes: the field of values opens with the choice of a setting, and shows how they may look.
import { all, around } from "./dom.js";
import { countPictures } from "./form.js";

function show(line) {
  const [select, input] = line.children;
  const kind = select.selectedOptions[0];
  input.disabled = !kind.value;
  input.placeholder = kind.dataset.example || "";
}

const showAll = () => all(".axes-line").forEach(show);

document.addEventListener("change", (event) => {
  const line = around(event, ".axes-line");
  if (!line || event.target.localName !== "select") return;
  show(line);
  const input = line.children[1];
  if (!input.value && !input.disabled) input.value = input.placeholder;
  countPictures();
});
document.body.addEventListener("form-filled", showAll);
showAll();
