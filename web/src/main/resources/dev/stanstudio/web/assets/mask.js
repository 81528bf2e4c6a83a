// The mask of a picture to start from: white on black, painted over the picture.
import { $ } from "./dom.js";

/** The place of an event in the canvas' own pixels. */
function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [
    (event.clientX - box.left) * canvas.width / box.width,
    (event.clientY - box.top) * canvas.height / box.height,
  ];
}

function dot(canvas, event) {
  const [x, y] = place(canvas, event);
  const paint = canvas.getContext("2d");
  paint.fillStyle = "#fff";
  paint.beginPath();
  paint.arc(x, y, $("#brush-size").value * canvas.width / 512, 0, 2 * Math.PI);
  paint.fill();
}

/** What is painted, on black, as an address that holds a PNG. */
function png(canvas) {
  const mask = document.createElement("canvas");
  mask.width = canvas.width;
  mask.height = canvas.height;
  const draw = mask.getContext("2d");
  draw.fillStyle = "#000";
  draw.fillRect(0, 0, mask.width, mask.height);
  draw.drawImage(canvas, 0, 0);
  return mask.toDataURL("image/png");
}

/** Makes the picture to start from paintable, where the form has one. */
export function preparePainting() {
  const holder = $("[data-brush]");
  if (!holder || holder.dataset.ready) return;
  holder.dataset.ready = "yes";
  const canvas = $("canvas", holder);
  const field = $('input[name="mask"]');
  let painting = false;
  canvas.addEventListener("pointerdown", (event) => {
    painting = true;
    canvas.setPointerCapture(event.pointerId);
    dot(canvas, event);
  });
  canvas.addEventListener("pointermove", (event) => { if (painting) dot(canvas, event); });
  canvas.addEventListener("pointerup", () => {
    painting = false;
    field.value = png(canvas);
  });
  $("[data-brush-clear]").addEventListener("click", () => {
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
}
