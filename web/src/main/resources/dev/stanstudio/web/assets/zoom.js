// One picture over the whole window; a tap shows the next, Escape or the last tap closes it.

/** Enlarges pictures, beginning with the one at an index; `words` says what a tap does. */
export function enlarge(images, from, words) {
  const dialog = document.createElement("dialog");
  dialog.className = "vote-zoom";
  const image = document.createElement("img");
  const caption = document.createElement("p");
  dialog.append(image, caption);
  let taps = 0;
  const show = () => {
    const at = (from + taps) % images.length;
    image.src = images[at].src;
    image.alt = images[at].alt;
    caption.textContent = `${image.alt} · ${taps + 1 < images.length ? words.zoomNext : words.zoomBack}`;
    dialog.setAttribute("aria-label", image.alt);
  };
  const next = () => {
    taps += 1;
    if (taps < images.length) show(); else dialog.close();
  };
  dialog.addEventListener("click", next);
  dialog.addEventListener("keydown", (event) => {
    if (["Enter", " ", "ArrowRight"].includes(event.key)) {
      event.preventDefault();
      next();
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
}
