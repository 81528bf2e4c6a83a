// Refusals on the Generate page: beside Draw, and at the field that they are about.
import { $ } from "./dom.js";

const AT_FIELD = "problem-at-field";

/** The refusal in an answer of the server, as an element; any other answer is said in plain words. */
function refusal(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return $(".problem", holder.content) || problem("The studio could not do this; try again.");
}

/** An element that tells what is wrong. */
export function problem(text, field = "") {
  const p = document.createElement("p");
  p.className = "problem";
  p.setAttribute("role", "alert");
  p.dataset.field = field;
  p.textContent = text;
  return p;
}

function unmark() {
  const said = document.getElementById(AT_FIELD);
  const field = $("[aria-invalid]");
  if (said) said.remove();
  if (!field) return;
  field.removeAttribute("aria-invalid");
  const others = (field.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== AT_FIELD);
  if (others.length) field.setAttribute("aria-describedby", others.join(" ")); else field.removeAttribute("aria-describedby");
}

function mark(name, text) {
  const form = $(".generate-form");
  const field = form && name && $('[name="' + CSS.escape(name) + '"]', form);
  if (!field || field.type === "hidden") return;
  const said = document.createElement("span");
  said.id = AT_FIELD;
  said.className = "problem small";
  said.textContent = text;
  (field.closest(".field") || field.closest("fieldset") || field.parentNode).append(said);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", ((field.getAttribute("aria-describedby") || "") + " " + AT_FIELD).trim());
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: "center" });
}

export function clearProblems() {
  const place = $("#problem");
  if (place) place.replaceChildren();
  unmark();
}

function show(element) {
  clearProblems();
  $("#problem").append(element);
  mark(element.dataset.field, element.textContent);
}

/** Tells beside Draw what the server's answer refuses. */
export const showRefusal = (html) => show(refusal(html));

/** Tells beside Draw, and at a field, what is wrong. */
export const sayProblem = (text, field) => show(problem(text, field));

/** Puts the refusal in an answer into an element of its own. */
export const showRefusalIn = (place, html) => place.replaceChildren(refusal(html));

/** Tells that the server cannot be reached. */
export const sayNoAnswer = (place) =>
  place.replaceChildren(problem("The studio does not answer. Is it still running?"));

document.addEventListener("input", (event) => {
  if (event.target.hasAttribute("aria-invalid")) clearProblems();
});
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const detail = event.detail;
  if (detail.xhr.status >= 400) {
    detail.shouldSwap = false;
    detail.isError = false;
    showRefusal(detail.xhr.responseText);
  } else if (detail.requestConfig.path === "/generate") {
    clearProblems();
  }
});
document.body.addEventListener("htmx:sendError", () => sayNoAnswer($("#problem")));
