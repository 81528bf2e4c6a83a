// The settings of a picture fill the form.
import { $ } from "./dom.js";
import { countPictures } from "./form.js";
import { sayNoAnswer, showRefusalIn } from "./problems.js";

function fill(html) {
  $("#order").innerHTML = html;
  htmx.process($("#order"));
  countPictures();
  document.body.dispatchEvent(new Event("form-filled"));
  $("#prompts").focus();
}

/** Takes the settings of a picture file; `place` tells what is wrong with it. */
export async function recall(file, place = $("#problem")) {
  const data = new FormData();
  data.append("picture", file);
  try {
    const answer = await fetch("/generate/recall", { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const html = await answer.text();
    if (answer.ok) fill(html); else showRefusalIn(place, html);
    return answer.ok;
  } catch {
    sayNoAnswer(place);
    return false;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.id === "drop-file" && event.target.files[0]) recall(event.target.files[0]);
});
