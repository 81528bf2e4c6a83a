// Two pictures: side by side, slider, flicker, difference; zoom and place are the same in all.
"use strict";
(() => {
  const box = document.getElementById("compare");
  const buttons = [...document.querySelectorAll("[data-mode][role]")];
  const view = { zoom: 1, x: 0, y: 0 };

  function mode(name) {
    box.dataset.mode = name;
    buttons.forEach((button) => {
      button.setAttribute("aria-checked", String(button.dataset.mode === name));
      button.tabIndex = button.dataset.mode === name ? 0 : -1;
    });
    try { localStorage.setItem("compare-mode", name); } catch (e) { /* private windows have no memory */ }
  }

  function show() {
    box.style.setProperty("--zoom", view.zoom);
    box.style.setProperty("--x", view.x + "px");
    box.style.setProperty("--y", view.y + "px");
  }

  buttons.forEach((button) => button.addEventListener("click", () => mode(button.dataset.mode)));
  document.getElementById("wipe").addEventListener("input", (e) => box.style.setProperty("--split", e.target.value + "%"));

  box.addEventListener("wheel", (e) => {
    e.preventDefault();
    const before = view.zoom;
    view.zoom = Math.min(16, Math.max(1, view.zoom * (e.deltaY < 0 ? 1.2 : 1 / 1.2)));
    if (view.zoom === 1) { view.x = 0; view.y = 0; } else { view.x *= view.zoom / before; view.y *= view.zoom / before; }
    show();
  }, { passive: false });

  let from = null;
  box.addEventListener("pointerdown", (e) => {
    if (!e.target.closest(".window")) return;
    from = [e.clientX - view.x, e.clientY - view.y];
    if (box.dataset.mode === "flicker") box.dataset.show = box.dataset.show === "left" ? "right" : "left";
  });
  addEventListener("pointermove", (e) => {
    if (!from || view.zoom === 1) return;
    view.x = e.clientX - from[0];
    view.y = e.clientY - from[1];
    show();
  });
  addEventListener("pointerup", () => { from = null; });

  addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const at = "1234".indexOf(e.key);
    if (at >= 0) mode(buttons[at].dataset.mode);
    else if (e.key === "0") { Object.assign(view, { zoom: 1, x: 0, y: 0 }); show(); }
    else if (e.key === "f") { if (box.dataset.mode !== "flicker") mode("flicker"); box.dataset.show = "right"; }
    else if (e.key.startsWith("Arrow") && e.target.getAttribute("role") === "radio") {
      const now = buttons.indexOf(e.target);
      const next = buttons[(now + (e.key === "ArrowLeft" || e.key === "ArrowUp" ? 3 : 1)) % 4];
      next.focus();
      mode(next.dataset.mode);
    } else return;
    e.preventDefault();
  });
  addEventListener("keyup", (e) => { if (e.key === "f") box.dataset.show = "left"; });

  let remembered = null;
  try { remembered = localStorage.getItem("compare-mode"); } catch (e) { /* none */ }
  mode(buttons.some((button) => button.dataset.mode === remembered) ? remembered : "side");
})();
