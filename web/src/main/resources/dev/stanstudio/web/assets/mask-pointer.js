// Strokes by mouse, pen or finger, and the ring that shows the size of the brush.

/** The place of an event in the canvas' own pixels, however large it is shown. */
function place(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return [
    (event.clientX - box.left) * canvas.width / box.width,
    (event.clientY - box.top) * canvas.height / box.height,
  ];
}

/** The events since the last one was handled; screens are slower than pens. */
function parts(event) {
  const all = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  return all.length ? all : [event];
}

export function showRing(ring, canvas, size, event) {
  const box = canvas.getBoundingClientRect();
  const side = size * box.width / canvas.width;
  ring.style.width = ring.style.height = side + "px";
  if (event) {
    ring.style.left = event.clientX + "px";
    ring.style.top = event.clientY + "px";
    ring.hidden = false;
  }
}

/** Calls `on.begin(point)`, `on.go(points)` and `on.end()` for each stroke of the one pointer that draws. */
export function followPointer(canvas, ring, on) {
  let pointer = null;
  const end = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    on.end();
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    showRing(ring, canvas, on.size(), event);
    on.begin(place(canvas, event));
  });
  canvas.addEventListener("pointermove", (event) => {
    showRing(ring, canvas, on.size(), event);
    if (event.pointerId === pointer) on.go(parts(event).map((part) => place(canvas, part)));
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(name, end);
  canvas.addEventListener("pointerleave", () => { ring.hidden = true; });
}
