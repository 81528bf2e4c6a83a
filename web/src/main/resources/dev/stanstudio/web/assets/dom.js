// What every script shares: queries, keys, refusals, and the steps of a picture that is computed.

/** The first element that fits. */
export const $ = (selector, within = document) => within.querySelector(selector);

/** All elements that fit, as an array. */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** The event's element, or the nearest around it, that fits; none where the event has no element. */
export const around = (event, selector) => event.target.closest && event.target.closest(selector);

/** True for keys that belong to the browser or the system. */
export const isShortcut = (event) => event.ctrlKey || event.metaKey || event.altKey;

/** The key that was pressed; letters are small whatever Shift and Caps Lock say. */
export const keyOf = (event) => event.key.length === 1 ? event.key.toLowerCase() : event.key;

/** Sends a change that needs no answer, as htmx would send it. */
export const post = (path) => fetch(path, { method: "POST", headers: { "HX-Request": "true" } });

/**
 * Shows the refusals of all requests in one element, beside the button that was pressed. The next
 * request that succeeds and of which `clears` holds empties it.
 */
export function showRefusals(selector, clears = () => true) {
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const detail = event.detail;
    const problem = $(selector);
    if (detail.xhr.status < 400) {
      if (problem && clears(detail.requestConfig.path)) problem.replaceChildren();
      return;
    }
    detail.shouldSwap = true;
    detail.isError = false;
    detail.swapOverride = "innerHTML";
    detail.target = problem || document.body;
  });
}

/** Moves the bar of a picture that is computed, and shows its preview. */
export function showStep(message) {
  const cell = document.getElementById("cell-" + message.id);
  if (!cell) return;
  const bar = $("progress", cell);
  if (bar) {
    bar.max = message.steps;
    bar.value = message.done;
  }
  const preview = $(".preview", cell);
  if (preview && message.preview) preview.src = message.preview;
}
