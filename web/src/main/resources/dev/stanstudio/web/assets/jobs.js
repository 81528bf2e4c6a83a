// Pages with jobs on them: whatever shows a job that changed fetches itself again.
import { all } from "./dom.js";
import { listen } from "./live.js";
import "./clock.js";

const states = {};

function tell(id, state) {
  all('[data-job="' + id + '"]').forEach((element) => {
    htmx.trigger(element, "job-changed");
    if (states[id] !== state) htmx.trigger(element, "job-state");
  });
  all("[data-jobs]").forEach((list) => htmx.trigger(list, "jobs-changed"));
  if (states[id] === state) return;
  // What waits says after which jobs.
  all('[data-job]:has([data-state="queued"])').filter((element) => element.dataset.job !== id)
    .forEach((element) => htmx.trigger(element, "job-changed"));
  dispatchEvent(new Event("jobs-moved"));
}

listen("/jobs/events", {
  job: (data) => {
    const [id, state] = data.split(" ");
    tell(id, state);
    states[id] = state;
  },
  // What happened before, or while the connection was lost, was told to nobody.
  open: () => new Set(all("[data-job]").map((element) => element.dataset.job)).forEach((id) => tell(id, "")),
});
