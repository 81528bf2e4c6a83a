// Pages with jobs on them: whatever shows a job that changed fetches itself again.
"use strict";
(() => {
  const states = {};
  const tell = (id, state) => document.querySelectorAll('[data-job="' + id + '"]').forEach((element) => {
    htmx.trigger(element, "job-changed");
    if (states[id] !== state) htmx.trigger(element, "job-state");
  });
  const events = new EventSource("/jobs/events");
  events.addEventListener("job", (e) => {
    const [id, state] = e.data.split(" ");
    tell(id, state);
    states[id] = state;
  });
  // What happened before, or while the connection was lost, was told to nobody.
  events.addEventListener("open", () =>
    new Set([...document.querySelectorAll("[data-job]")].map((e) => e.dataset.job)).forEach((id) => tell(id, "")));
  addEventListener("pagehide", () => events.close());
})();
