// A part of a page that is replaced now and then keeps what is open, scrolled and focused in it.
import { $, all } from "./dom.js";

const FOCUSABLE = "a[href], button, input, summary, [tabindex]";

/** Elements of a kind are told apart by their order, since a refresh changes numbers, not parts. */
function state(part) {
  return {
    open: all("details", part).map((details) => details.open),
    scrolled: all(".scroll", part).map((region) => [region.scrollLeft, region.scrollTop]),
    focused: all(FOCUSABLE, part).indexOf(document.activeElement),
  };
}

function restore(part, before) {
  all("details", part).forEach((details, i) => {
    if (i < before.open.length) details.open = before.open[i];
  });
  all(".scroll", part).forEach((region, i) => {
    if (i < before.scrolled.length) [region.scrollLeft, region.scrollTop] = before.scrolled[i];
  });
  const focused = all(FOCUSABLE, part)[before.focused];
  if (focused) focused.focus({ preventScroll: true });
}

/** True while somebody marks text in the part, which a refresh would take away. */
function isMarked(part) {
  const marked = getSelection();
  return marked !== null && !marked.isCollapsed && part.contains(marked.anchorNode);
}

/** Watches the part that fits; an equal text is not put in at all. */
export function keepWhatIsOpen(selector) {
  const part = $(selector);
  if (!part) return;
  let shown = "";
  let before = null;
  part.addEventListener("htmx:beforeSwap", (event) => {
    const text = event.detail.xhr.responseText;
    if (event.target !== part || !event.detail.shouldSwap) return;
    if (text === shown || isMarked(part)) {
      event.detail.shouldSwap = false;
      return;
    }
    shown = text;
    before = state(part);
  });
  part.addEventListener("htmx:afterSwap", () => {
    if (before) restore(part, before);
    before = null;
  });
}
