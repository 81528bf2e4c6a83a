// The explorer of features: what is pointed at, and pictures that are drawn with a feature changed.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const REACH = 14;
  let shown = null;
  let waiting = 0;

  // The nearest point within reach, in the drawing's own units.
  function nearest(svg, e) {
    const at = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let best = null;
    let least = REACH * REACH;
    svg.querySelectorAll("circle[data-f]").forEach((point) => {
      const dx = point.cx.baseVal.value - at.x;
      const dy = point.cy.baseVal.value - at.y;
      const d = dx * dx + dy * dy;
      if (d <= least) { least = d; best = point; }
    });
    return best;
  }

  function point(svg, circle) {
    const here = $(".here", svg);
    here.setAttribute("cx", circle.getAttribute("cx"));
    here.setAttribute("cy", circle.getAttribute("cy"));
    if (shown === circle.dataset.f) return;
    shown = circle.dataset.f;
    clearTimeout(waiting);
    waiting = setTimeout(() =>
      htmx.ajax("GET", svg.dataset.scatter + "/" + circle.dataset.f + "/card", { target: "#feature-card", swap: "innerHTML" }), 90);
  }

  document.addEventListener("pointermove", (e) => {
    const svg = e.target.closest && e.target.closest("[data-scatter]");
    const circle = svg && nearest(svg, e);
    if (svg) svg.classList.toggle("reached", !!circle);
    if (circle) point(svg, circle);
  });
  document.addEventListener("click", (e) => {
    const svg = e.target.closest && e.target.closest("[data-scatter]");
    const circle = svg && nearest(svg, e);
    if (circle) location.href = svg.dataset.scatter + "/" + circle.dataset.f;
  });

  // ---- one feature
  const slider = $("#factor");
  if (!slider) return;

  function words() {
    const adds = $("#way").value === "add";
    const value = Number(slider.value);
    $("#factor-words").textContent = adds ? "+ " + value : value === 0 ? "off" : value === 1 ? "as it is" : "× " + value;
  }
  document.addEventListener("input", words);
  words();

  document.body.addEventListener("htmx:beforeSwap", (e) => {
    const problem = $("#steer-problem");
    if (e.detail.xhr.status < 400) {
      problem.replaceChildren();
      return;
    }
    e.detail.shouldSwap = true;
    e.detail.isError = false;
    e.detail.target = problem;
  });

  const pair = () => $("[data-pictures]");
  const events = new EventSource("/generate/events");
  events.addEventListener("cell", (e) => {
    const shownNow = pair();
    if (shownNow && shownNow.dataset.pictures.includes(JSON.parse(e.data).id)) htmx.trigger(shownNow, "picture-changed");
  });
  events.addEventListener("step", (e) => {
    const step = JSON.parse(e.data);
    const cell = document.getElementById("cell-" + step.id);
    if (!cell) return;
    const bar = $("progress", cell);
    if (bar) { bar.max = step.steps; bar.value = step.done; }
    const preview = $(".preview", cell);
    if (preview && step.preview) preview.src = step.preview;
  });
  addEventListener("pagehide", () => events.close());
})();
