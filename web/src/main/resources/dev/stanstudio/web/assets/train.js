// The form of a training: of all kinds, the sentence about the chosen one; the field at fault in view.
import { $, all } from "./dom.js";

function showKind() {
  const chosen = $("#kind").value;
  all("[data-kind]").forEach((line) => { line.hidden = line.dataset.kind !== chosen; });
}

$("#kind").addEventListener("change", showKind);
showKind();
const wrong = $("[aria-invalid]");
if (wrong) wrong.focus();
