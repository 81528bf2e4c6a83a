// The queue above the matrix: its state in words, and its order by dragging.
import { $, all, around } from "./dom.js";

function words(message) {
  if (message.paused) return "Paused, " + message.queued + " waiting";
  if (message.queued + message.running === 0) return "Queue is empty";
  return message.running + " drawing, " + message.queued + " waiting";
}

export function showQueue(message) {
  $("#queue-words").textContent = words(message);
  $("#lamp").dataset.paused = message.paused ? "yes" : "no";
  $("#lamp").dataset.busy = message.running ? "yes" : "no";
  if ($("#queue-drawer").open) document.body.dispatchEvent(new Event("queue-changed"));
}

let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = around(event, "[data-queue] li");
  if (dragged) dragged.classList.add("dragging");
});
document.addEventListener("dragover", (event) => {
  const over = dragged && around(event, '[data-queue] li[draggable="true"]');
  if (!over || over === dragged) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  over.parentNode.insertBefore(dragged, event.clientY < box.top + box.height / 2 ? over : over.nextSibling);
});
document.addEventListener("dragend", () => {
  if (!dragged) return;
  dragged.classList.remove("dragging");
  dragged = null;
  const data = new URLSearchParams();
  all('[data-queue] li[data-state="queued"]').forEach((li) => data.append("id", li.dataset.id));
  fetch("/queue/order", { method: "POST", body: data });
});
document.addEventListener("click", (event) => {
  const drawer = $("#queue-drawer");
  if (drawer && drawer.open && !drawer.contains(event.target)) drawer.open = false;
});
