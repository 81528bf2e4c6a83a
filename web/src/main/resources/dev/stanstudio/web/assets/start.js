// The picture to start from: brought from a file or the clipboard, or left for noise.
import { $, around } from "./dom.js";
import { sayNoAnswer, showRefusalIn } from "./problems.js";

/** Puts the part of the form that the server sent in the place of the present one. */
function put(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = $(".start", holder.content);
  $("#start").replaceWith(fresh);
  if (Number(fresh.dataset.width)) {
    $("#width").value = fresh.dataset.width;
    $("#height").value = fresh.dataset.height;
  }
}

/** Starts from a picture file; `place` tells what is wrong with it. */
export async function startFrom(file, place = $("#start-problem")) {
  const data = new FormData();
  data.append("picture", file);
  data.append("model", $("#model").value);
  try {
    const answer = await fetch("/generate/start", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (!answer.ok) {
      showRefusalIn(place, html);
      return false;
    }
    put(html);
    const button = $("[data-mask-open]");
    button.scrollIntoView({ block: "nearest" });
    button.focus({ preventScroll: true });
    return true;
  } catch {
    sayNoAnswer(place);
    return false;
  }
}

async function startFromNoise(link) {
  try {
    const answer = await fetch("/generate/start", { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.statusText);
    put(await answer.text());
    $("#start-file").focus();
  } catch {
    location.href = link.href;
  }
}

document.addEventListener("click", (event) => {
  const link = around(event, "[data-start-noise]");
  if (!link) return;
  event.preventDefault();
  startFromNoise(link);
});
document.addEventListener("change", (event) => {
  if (event.target.id === "start-file" && event.target.files[0]) startFrom(event.target.files[0]);
});
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files].find((one) => one.type.startsWith("image/"));
  if (!file || $("dialog[open]")) return;
  event.preventDefault();
  startFrom(file);
});
