// Prompts that are kept under a name: saved, put into the form, deleted.
import { $, all, around } from "./dom.js";
import { sayNoAnswer, showRefusalIn } from "./problems.js";
import { countStyles } from "./styles.js";

async function send(path, data) {
  try {
    const answer = await fetch(path, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (!answer.ok) {
      showRefusalIn($("#preset-problem"), html);
      return;
    }
    $("#prompt-list").innerHTML = html;
    $("#preset-name").focus();
  } catch {
    sayNoAnswer($("#preset-problem"));
  }
}

function save() {
  const data = new URLSearchParams();
  data.append("preset", $("#preset-name").value);
  for (const id of ["prompts", "negative", "more-styles"]) data.append(id, $("#" + id).value);
  all('input[name="style"]:checked').forEach((box) => data.append("style", box.value));
  send("/generate/prompts", data);
}

function use(preset) {
  const boxes = all('input[name="style"]');
  boxes.forEach((box) => { box.checked = preset.styles.includes(box.value); });
  const known = boxes.map((box) => box.value);
  $("#more-styles").value = preset.styles.filter((style) => !known.includes(style)).join(", ");
  $("#negative").value = preset.negative;
  if (preset.negative) $("#more").open = true;
  $("#prompts").value = preset.prompts;
  countStyles();
  $("#prompt-drawer").open = false;
  $("#prompts").dispatchEvent(new Event("input", { bubbles: true }));
  $("#prompts").focus();
}

document.addEventListener("click", (event) => {
  if (around(event, "[data-preset-save]")) save();
  const preset = around(event, "[data-preset]");
  if (preset) use(JSON.parse(preset.dataset.preset));
  const gone = around(event, "[data-preset-delete]");
  if (gone) send("/generate/prompts/delete", new URLSearchParams({ name: gone.dataset.presetDelete }));
});
document.addEventListener("keydown", (event) => {
  if (event.target.id !== "preset-name" || event.key !== "Enter") return;
  event.preventDefault();
  if (!event.ctrlKey && !event.metaKey) save();
});
