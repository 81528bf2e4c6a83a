// One picture over the whole window; a tap shows the next, Escape or the last tap closes it.

/** Enlarges pictures, beginning with the one at an index. */
export function enlarge(images, from) {
  const dialog = document.createElement("dialog");
  dialog.className = "vote-zoom";
  const image = document.createElement("img");
  const words = document.createElement("p");
  dialog.append(image, words);
  let taps = 0;
  const show = () => {
    const at = (from + taps) % images.length;
    image.src = images[at].src;
    image.alt = images[at].alt;
    words.textContent = `Picture ${at + 1} · tap ${taps + 1 < images.length ? "for the next" : "to go back"}`;
  };
  dialog.addEventListener("click", () => {
    taps += 1;
    if (taps < images.length) show(); else dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  show();
  dialog.showModal();
}
