// Pictures for an IP-Adapter: brought, shown small, and removed.
import { $, all, around } from "./dom.js";
import { problem, sayNoAnswer } from "./problems.js";

const PART = "#ip-adapter-part";

function element(name, values) {
  return Object.assign(document.createElement(name), values);
}

/** Adds a stored picture to the form. */
function add(picture) {
  const item = element("li", {});
  item.dataset.ipPicture = "";
  const remove = element("button", { type: "button", className: "quiet small", textContent: "Remove" });
  remove.dataset.ipRemove = "";
  item.append(
    element("input", { type: "hidden", name: "ip-picture", value: picture }),
    element("img", { src: "/inputs/" + picture + "/thumbnail.png", alt: "A picture that the IP-Adapter sees" }),
    remove,
  );
  $("#ip-pictures").append(item);
  const select = $("#ip-adapter");
  const names = [...select.options].filter((option) => option.value);
  if (!select.value && names.length === 1) select.value = names[0].value;
  limit();
}

function limit() {
  $("#ip-drop").hidden = all("[data-ip-picture]").length >= Number($(PART).dataset.most);
}

async function bring(files) {
  const place = $("#ip-problem");
  place.replaceChildren();
  for (const file of files) {
    if (all("[data-ip-picture]").length >= Number($(PART).dataset.most)) {
      place.replaceChildren(problem("An IP-Adapter sees at most " + $(PART).dataset.most + " pictures; remove one first."));
      break;
    }
    const data = new FormData();
    data.append("picture", file);
    try {
      const answer = await fetch("/api/inputs", { method: "POST", body: data });
      const stored = await answer.json();
      if (answer.ok) add(stored.picture);
      else place.replaceChildren(problem(file.name + ": " + stored.error));
    } catch {
      sayNoAnswer(place);
    }
  }
  $("#ip-file").value = "";
}

document.addEventListener("change", (event) => {
  if (event.target.id === "ip-file") bring([...event.target.files]);
});
document.addEventListener("click", (event) => {
  if (!around(event, "[data-ip-remove]")) return;
  around(event, "[data-ip-picture]").remove();
  limit();
  ($("[data-ip-remove]") || $(PART + " summary")).focus();
});
/** Pictures that are pasted while the focus is here; the listener of the page starts from any other. */
document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files].filter((one) => one.type.startsWith("image/"));
  const here = $("#ip-drop");
  if (!files.length || !here || !$(PART).contains(document.activeElement)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  bring(files);
}, true);
