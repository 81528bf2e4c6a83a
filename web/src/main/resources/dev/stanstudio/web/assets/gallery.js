// Gallery and single pictures: choosing, keys. Links and the zip work without it.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tiles = () => all(".tile:not(.gone)");
  let last = null;

  const chosen = () => tiles().filter((tile) => $("input", tile).checked);

  function update() {
    const bar = $("#toolbar");
    if (!bar) return;
    const picked = chosen();
    tiles().forEach((tile) => tile.classList.toggle("chosen", $("input", tile).checked));
    $("#gallery").classList.toggle("choosing", picked.length > 0);
    bar.hidden = picked.length === 0;
    $("#chosen-count").textContent = picked.length + " chosen";
    $("#compare-chosen").disabled = picked.length !== 2;
  }

  function pick(tile, range, on) {
    const list = tiles();
    const from = range && last ? list.indexOf(last) : -1;
    const to = list.indexOf(tile);
    const [a, b] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
    for (let i = a; i <= b; i++) $("input", list[i]).checked = on;
    last = tile;
    update();
  }

  function compare() {
    const [a, b] = chosen();
    if (a && b) location.href = "/compare?a=" + a.dataset.id + "&b=" + b.dataset.id;
  }

  document.addEventListener("click", (e) => {
    const box = e.target.closest && e.target.closest('.tile input[type="checkbox"]');
    if (box) pick(box.closest(".tile"), e.shiftKey, box.checked);
    if (e.target.id === "compare-chosen") compare();
    if (e.target.id === "choose-none") {
      tiles().forEach((tile) => { $("input", tile).checked = false; });
      update();
    }
  });

  // Dragging over check boxes ticks them all.
  let painting = null;
  document.addEventListener("pointerdown", (e) => {
    const pickBox = e.target.closest && e.target.closest(".pick");
    if (pickBox) painting = !$("input", pickBox).checked;
  });
  document.addEventListener("pointerover", (e) => {
    const tile = painting !== null && e.buttons === 1 && e.target.closest && e.target.closest(".tile");
    if (tile && tile !== last) { $("input", tile).checked = painting; update(); }
  });
  document.addEventListener("pointerup", () => { painting = null; });

  document.body.addEventListener("htmx:afterSwap", (e) => {
    const toast = $("#toast");
    if (e.detail.target !== toast) return;
    if ($("[data-deleted]", toast)) {
      const gone = new Set(all('[data-deleted] input', toast).map((input) => input.value));
      tiles().filter((tile) => gone.has(tile.dataset.id)).forEach((tile) => {
        $("input", tile).checked = false;
        tile.classList.add("gone");
      });
      const undo = $("button", toast);
      if (undo) undo.focus();
    } else {
      all(".tile.gone").forEach((tile) => tile.classList.remove("gone"));
      setTimeout(() => toast.replaceChildren(), 4000);
    }
    update();
  });

  const steps = { ArrowLeft: -1, ArrowRight: 1 };

  function moveBy(tile, n) {
    const list = tiles();
    const next = list[Math.min(list.length - 1, Math.max(0, list.indexOf(tile) + n))];
    if (next) $("a", next).focus();
  }

  function columns() {
    const list = tiles();
    const top = list[0].offsetTop;
    const second = list.findIndex((tile) => tile.offsetTop !== top);
    return second < 0 ? list.length : second;
  }

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input[type="search"], textarea, input:not([type])')) return;
    const tile = e.target.closest(".tile");
    const link = { ArrowLeft: 'a[rel="prev"]', ArrowRight: 'a[rel="next"]' }[e.key];
    if (!$("#gallery")) {
      const go = $('[data-key="' + e.key + '"]') || (link && $(link));
      if (go) { e.preventDefault(); go.click(); }
      return;
    }
    if (e.key === "c") { compare(); return; }
    if (e.key === "Delete" && chosen().length) { $("#delete-chosen").click(); return; }
    if (!tile) {
      if (e.key in steps && e.target === document.body && tiles()[0]) $("a", tiles()[0]).focus();
      return;
    }
    if (e.key in steps) moveBy(tile, steps[e.key]);
    else if (e.key === "ArrowDown") moveBy(tile, columns());
    else if (e.key === "ArrowUp") moveBy(tile, -columns());
    else if (e.key === "x") pick(tile, e.shiftKey, !$("input", tile).checked);
    else if (e.key === "X") pick(tile, true, true);
    else if (e.key === "s") {
      fetch("/pictures/" + tile.dataset.id + "/star", { method: "POST", headers: { "HX-Request": "true" } })
        .then((answer) => { if (answer.ok) tile.dataset.starred = tile.dataset.starred === "yes" ? "no" : "yes"; });
    } else return;
    e.preventDefault();
  });

  update();
})();
