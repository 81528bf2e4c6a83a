// The explorer of features: the point nearest to the pointer shows its card; a click opens its page.
import { $, all, around } from "./dom.js";

const REACH = 14;
const REST_MILLIS = 90;
let shown = null;
let waiting = 0;

/** The nearest point within reach, in the drawing's own units. */
function nearest(svg, event) {
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  let best = null;
  let least = REACH * REACH;
  all("circle[data-f]", svg).forEach((point) => {
    const dx = point.cx.baseVal.value - at.x;
    const dy = point.cy.baseVal.value - at.y;
    const distance = dx * dx + dy * dy;
    if (distance <= least) {
      least = distance;
      best = point;
    }
  });
  return best;
}

function address(svg, point) {
  return svg.dataset.scatter + "/" + point.dataset.f;
}

/** Marks a point and, once the pointer rests, fetches its card. */
function show(svg, point) {
  const here = $(".scatter-here", svg);
  here.setAttribute("cx", point.getAttribute("cx"));
  here.setAttribute("cy", point.getAttribute("cy"));
  if (shown === point.dataset.f) return;
  shown = point.dataset.f;
  clearTimeout(waiting);
  waiting = setTimeout(
    () => htmx.ajax("GET", address(svg, point) + "/card", { target: "#feature-card", swap: "innerHTML" }), REST_MILLIS);
}

/** After another choice the card shows the most specific feature of it, not one that is gone. */
function settle() {
  const svg = $("[data-scatter]");
  const points = all("circle[data-f]", svg);
  shown = null;
  clearTimeout(waiting);
  if (svg.dataset.filtered === "yes" && points.length) {
    show(svg, points[points.length - 1]);
    return;
  }
  const p = document.createElement("p");
  p.className = "faint small";
  p.textContent = points.length ? "Nothing is pointed at." : "No feature is mostly on this style here.";
  $("#feature-card").replaceChildren(p);
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "scatter") settle();
});
settle();

document.addEventListener("pointermove", (event) => {
  const svg = around(event, "[data-scatter]");
  if (!svg) return;
  const point = nearest(svg, event);
  svg.classList.toggle("scatter-reached", Boolean(point));
  if (point) show(svg, point);
});
document.addEventListener("click", (event) => {
  const svg = around(event, "[data-scatter]");
  const point = svg && nearest(svg, event);
  if (point) location.href = address(svg, point);
});
