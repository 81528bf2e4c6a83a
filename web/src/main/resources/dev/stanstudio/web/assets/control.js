// Control pictures: brought, shown as their network reads them, numbered, and removed.
import { $, all, around } from "./dom.js";
import { problem, sayNoAnswer, showRefusalIn } from "./problems.js";

const cards = () => all("[data-control]");
const NUMBERED = /^control\d+-/;

/** Numbers the cards from 1, with the names of their fields. */
function number() {
  const most = Number($("#controls").dataset.most);
  cards().forEach((card, i) => {
    $("[data-control-number]", card).textContent = i + 1;
    for (const element of all("[name], [id], [for]", card)) {
      for (const attribute of ["name", "id", "for"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(NUMBERED, "control" + (i + 1) + "-"));
      }
    }
  });
  const drop = $("#control-drop");
  if (drop) drop.hidden = cards().length >= most;
}

/** Controls by a picture file; `place` tells what is wrong with it. */
export async function controlBy(file, place = $("#control-problem")) {
  const details = $("#controls");
  details.open = true;
  if (!$("#control-drop") || cards().length >= Number(details.dataset.most)) {
    place.replaceChildren(problem($("#control-drop") ? "Remove a control picture first." : "There is no ControlNet to choose yet."));
    return false;
  }
  const data = new FormData();
  data.append("picture", file);
  data.append("n", cards().length + 1);
  data.append("width", $("#width").value);
  data.append("height", $("#height").value);
  try {
    const answer = await fetch("/generate/control", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (!answer.ok) {
      showRefusalIn(place, html);
      return false;
    }
    place.replaceChildren();
    $("#control-file").value = "";
    const holder = document.createElement("template");
    holder.innerHTML = html;
    $("#control-cards").append($("[data-control]", holder.content));
    number();
    const select = $("select", cards().at(-1));
    select.scrollIntoView({ block: "nearest" });
    select.focus({ preventScroll: true });
    return true;
  } catch {
    sayNoAnswer(place);
    return false;
  }
}

/** Shows the picture as the network reads it with the present settings. */
async function preview(card) {
  const settings = $("[data-control-settings]", card).value.trim();
  const query = new URLSearchParams({
    picture: $('[name$="-picture"]', card).value,
    preprocessor: $("[data-control-kind]", card).value + (settings ? "(" + settings + ")" : ""),
    width: $("#width").value,
    height: $("#height").value,
  });
  const address = "/api/controls/preview?" + query;
  const place = $("[data-control-problem]", card);
  try {
    const answer = await fetch(address);
    if (answer.ok) {
      place.replaceChildren();
      $("[data-control-preview]", card).src = address;
    } else place.replaceChildren(problem((await answer.json()).error));
  } catch {
    sayNoAnswer(place);
  }
}

async function mask(card, file) {
  const data = new FormData();
  data.append("picture", file);
  data.append("image", $('[name$="-picture"]', card).value);
  const place = $("[data-control-problem]", card);
  try {
    const answer = await fetch("/generate/mask", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok) {
      showRefusalIn(place, await answer.text());
      return;
    }
    place.replaceChildren();
    $('[name$="-mask"]', card).value = (await answer.json()).mask;
    $("[data-control-mask-state]", card).textContent = "chosen";
  } catch {
    sayNoAnswer(place);
  }
}

document.addEventListener("change", (event) => {
  const target = event.target;
  const card = around(event, "[data-control]");
  if (target.id === "control-file" && target.files[0]) controlBy(target.files[0]);
  else if (target.id === "width" || target.id === "height") cards().forEach(preview);
  else if (!card) return;
  else if (target.matches("[data-control-mask]")) {
    if (target.files[0]) mask(card, target.files[0]);
  } else if (target.matches("[data-control-kind]")) {
    const input = $("[data-control-settings]", card);
    input.value = input.placeholder = target.selectedOptions[0].dataset.usual;
    preview(card);
  } else if (target.matches("[data-control-settings]")) preview(card);
});
document.addEventListener("click", (event) => {
  if (!around(event, "[data-control-remove]")) return;
  around(event, "[data-control]").remove();
  number();
  ($("[data-control-remove]") || $("#controls summary")).focus();
});
/** A picture that is pasted while the focus is here controls; the listener of the page starts from any other. */
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
  const here = $("#controls");
  if (!file || !here || !here.contains(document.activeElement)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  controlBy(file);
}, true);
