// The page of a study: its link is copied, and what is open stays open while votes come in.
import { $, around } from "./dom.js";
import { keepWhatIsOpen } from "./keep.js";

/** Copies a field's text; where the browser gives no clipboard, the text is selected instead. */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return "Copied.";
  } catch {
    return "The link is selected: copy it with Ctrl+C.";
  }
}

document.addEventListener("click", async (event) => {
  const button = around(event, "[data-copy]");
  if (button) $("#copied").textContent = await copy($("#" + button.dataset.copy));
});

keepWhatIsOpen("[data-live]");
