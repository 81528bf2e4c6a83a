// The Generate page: what the server says, keys, drops, and the mask. Without it the form still works.
"use strict";
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const post = (path) => fetch(path, { method: "POST", headers: { "HX-Request": "true" } });

  // ---- what is known about the queue, so that cells that arrive later can say their place
  let places = {};

  function dress(cell) {
    const mat = $(".mat", cell);
    if (mat && mat.dataset.ratio) mat.style.aspectRatio = mat.dataset.ratio;
    const place = $(".place", cell);
    if (place) place.textContent = places[cell.dataset.id] ? "waits, no. " + places[cell.dataset.id] : "waits";
  }

  function dressAll() {
    all(".cell").forEach(dress);
    const table = $(".matrix");
    if (!table) return;
    const heads = all("thead th", table).map((th) => th.textContent);
    all("tbody tr", table).forEach((tr) =>
      all("td", tr).forEach((td, i) => { td.dataset.column = heads[i] || ""; }));
    const states = all(".cell", table).map((cell) => cell.dataset.state);
    const on = {
      pending: states.some((s) => s === "queued" || s === "running"),
      retriable: states.some((s) => s === "failed" || s === "cancelled"),
    };
    all("[data-while]").forEach((e) => e.classList.toggle("on", on[e.dataset.while]));
    if (!all('.cell[tabindex="0"]', table).length) {
      const first = $(".cell", table);
      if (first) first.tabIndex = 0;
    }
  }

  function replaceCell(message) {
    const old = document.getElementById("cell-" + message.id);
    if (!old) return;
    const focused = document.activeElement === old || old.contains(document.activeElement);
    const preview = $(".preview", old);
    const shown = preview && preview.getAttribute("src");
    const holder = document.createElement("template");
    holder.innerHTML = message.html.trim();
    const fresh = holder.content.firstElementChild;
    fresh.tabIndex = old.tabIndex;
    const next = $(".preview", fresh);
    if (next && shown) next.src = shown;
    const put = () => {
      old.replaceWith(fresh);
      htmx.process(fresh);
      dressAll();
      if (focused) fresh.focus({ preventScroll: true });
    };
    // The finished picture takes the preview's place when it is there, so that nothing flashes.
    const image = message.state === "done" ? $("img", fresh) : null;
    if (image) image.decode().then(put, put); else put();
    if (message.say) $("#spoken").textContent = "Drawn: " + message.say;
  }

  function step(message) {
    const cell = document.getElementById("cell-" + message.id);
    if (!cell) return;
    const bar = $("progress", cell);
    if (bar) { bar.max = message.steps; bar.value = message.done; }
    const preview = $(".preview", cell);
    if (preview && message.preview) preview.src = message.preview;
  }

  function queue(message) {
    places = message.places;
    const words = message.paused ? "Paused, " + message.queued + " waiting"
      : message.queued + message.running === 0 ? "Queue is empty"
      : message.running + " drawing, " + message.queued + " waiting";
    $("#queue-words").textContent = words;
    $("#lamp").dataset.paused = message.paused ? "yes" : "no";
    $("#lamp").dataset.busy = message.running ? "yes" : "no";
    all('.cell[data-state="queued"]').forEach(dress);
    if ($("#queue-drawer").open) document.body.dispatchEvent(new Event("queue-changed"));
  }

  let lost = false;
  const events = new EventSource("/generate/events");
  events.addEventListener("cell", (e) => replaceCell(JSON.parse(e.data)));
  events.addEventListener("step", (e) => step(JSON.parse(e.data)));
  events.addEventListener("queue", (e) => queue(JSON.parse(e.data)));
  events.addEventListener("error", () => { lost = true; });
  events.addEventListener("open", () => {
    const table = $(".matrix");
    if (lost && table) htmx.ajax("GET", "/generate/" + table.dataset.matrix + "/table", { target: "#matrix", swap: "innerHTML" });
    lost = false;
  });
  addEventListener("pagehide", () => events.close());

  // ---- the form
  function count() {
    const form = $(".order");
    const label = $("#draw-count");
    if (!form || !label) return;
    const prompts = $("#prompts").value.split("\n").filter((line) => line.trim()).length;
    const styles = all('input[name="style"]:checked', form).length
      + $("#more-styles").value.split(",").filter((s) => s.trim()).length || 1;
    const chosen = all('input[name="method"]:checked', form).map((box) => box.value);
    const adapters = chosen.filter((name) => name !== "none").length;
    const together = $('input[name="together"]', form).checked;
    const methods = chosen.length - (together && adapters ? adapters - 1 : 0);
    let seeds = 0;
    for (const part of $("#seeds").value.split(/[,;\s]+/).filter(Boolean)) {
      const range = /^(\d+)[-–…](\d+)$/.exec(part);
      // Seeds have 64 bits, more than a number here holds.
      seeds += range ? Math.max(1, Number(BigInt(range[2]) - BigInt(range[1])) + 1) : 1;
    }
    const n = prompts * styles * methods * (seeds || 1);
    label.textContent = n === 1 ? "1 picture" : n + " pictures";
  }

  document.addEventListener("input", count);
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-random-seed]")) {
      $("#seeds").value = Math.floor(Math.random() * 2147483647);
      count();
    }
  });

  // Refusals are shown where the button is.
  document.body.addEventListener("htmx:beforeSwap", (e) => {
    const status = e.detail.xhr.status;
    if (status < 400) {
      const problem = $("#problem");
      if (problem && e.detail.requestConfig.path === "/generate") problem.replaceChildren();
      return;
    }
    e.detail.shouldSwap = true;
    e.detail.isError = false;
    e.detail.swapOverride = "innerHTML";
    e.detail.target = $("#problem") || document.body;
  });
  document.body.addEventListener("htmx:sendError", () => say("The studio does not answer. Is it still running?"));
  document.body.addEventListener("htmx:afterSwap", () => { dressAll(); count(); brush(); });

  function say(text) {
    const p = document.createElement("p");
    p.className = "problem";
    p.setAttribute("role", "alert");
    p.textContent = text;
    $("#problem").replaceChildren(p);
  }

  // ---- settings from a dropped picture
  async function recall(file) {
    const data = new FormData();
    data.append("picture", file);
    try {
      const answer = await fetch("/generate/recall", { method: "POST", body: data, headers: { "HX-Request": "true" } });
      const html = await answer.text();
      if (answer.ok) {
        $("#order").innerHTML = html;
        htmx.process($("#order"));
        count();
        brush();
        $("#prompts").focus();
      } else {
        $("#problem").innerHTML = html;
      }
    } catch (e) {
      say("The studio does not answer. Is it still running?");
    }
  }

  let depth = 0;
  const carries = (e) => e.dataTransfer && [...e.dataTransfer.types].includes("Files");
  addEventListener("dragenter", (e) => { if (carries(e)) { depth++; document.body.classList.add("dropping"); } });
  addEventListener("dragleave", (e) => { if (carries(e) && --depth <= 0) { depth = 0; document.body.classList.remove("dropping"); } });
  addEventListener("dragover", (e) => { if (carries(e)) e.preventDefault(); });
  addEventListener("drop", (e) => {
    if (!carries(e)) return;
    e.preventDefault();
    depth = 0;
    document.body.classList.remove("dropping");
    if (e.dataTransfer.files[0]) recall(e.dataTransfer.files[0]);
  });
  document.addEventListener("change", (e) => {
    if (e.target.id === "drop-file" && e.target.files[0]) recall(e.target.files[0]);
  });

  // ---- keys
  function move(cell, dx, dy) {
    const rows = all(".matrix tbody tr").map((tr) => all(".cell", tr));
    const y = rows.findIndex((row) => row.includes(cell));
    const x = rows[y].indexOf(cell);
    const row = rows[Math.min(rows.length - 1, Math.max(0, y + dy))];
    const next = row[Math.min(row.length - 1, Math.max(0, x + dx))];
    if (!next) return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  function beside(cell) {
    const row = all(".cell", cell.closest("tr")).filter((c) => c.dataset.state === "done");
    const column = all(".matrix .cell").filter((c) => c.dataset.state === "done");
    const line = row.length > 1 ? row : column;
    const at = line.indexOf(cell);
    return line[at + 1] || line[at - 1];
  }

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) {
      e.preventDefault();
      $(".order").requestSubmit();
      return;
    }
    const cell = e.target.closest && e.target.closest(".cell");
    if (!cell || e.ctrlKey || e.metaKey || e.altKey) return;
    const id = cell.dataset.id;
    if (arrows[e.key]) {
      move(cell, ...arrows[e.key]);
    } else if (e.key === "Escape") {
      post("/pictures/" + id + "/cancel");
    } else if (cell.dataset.state !== "done") {
      return;
    } else if ((e.key === " " || e.key === "Enter") && e.target === cell) {
      location.href = "/pictures/" + id;
    } else if (e.key === "s") {
      post("/pictures/" + id + "/star");
    } else if (e.key === "c") {
      const other = beside(cell);
      if (other) location.href = "/compare?a=" + id + "&b=" + other.dataset.id;
    } else {
      return;
    }
    e.preventDefault();
  });

  // ---- the queue's order by dragging
  let dragged = null;
  document.addEventListener("dragstart", (e) => {
    dragged = e.target.closest && e.target.closest("[data-queue] li");
    if (dragged) dragged.classList.add("dragging");
  });
  document.addEventListener("dragover", (e) => {
    const over = dragged && e.target.closest('[data-queue] li[draggable="true"]');
    if (!over || over === dragged) return;
    e.preventDefault();
    const box = over.getBoundingClientRect();
    over.parentNode.insertBefore(dragged, e.clientY < box.top + box.height / 2 ? over : over.nextSibling);
  });
  document.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("dragging");
    const data = new URLSearchParams();
    all('[data-queue] li[data-state="queued"]').forEach((li) => data.append("id", li.dataset.id));
    dragged = null;
    fetch("/queue/order", { method: "POST", body: data });
  });
  document.addEventListener("click", (e) => {
    const drawer = $("#queue-drawer");
    if (drawer && drawer.open && !drawer.contains(e.target)) drawer.open = false;
  });

  // ---- the mask: white on black, painted over the picture
  function brush() {
    const holder = $("[data-brush]");
    if (!holder || holder.dataset.ready) return;
    holder.dataset.ready = "yes";
    const canvas = $("canvas", holder);
    const paint = canvas.getContext("2d");
    const field = $('input[name="mask"]');
    let painting = false;
    const clear = () => {
      paint.clearRect(0, 0, canvas.width, canvas.height);
      field.value = "";
    };
    const at = (e) => {
      const box = canvas.getBoundingClientRect();
      return [(e.clientX - box.left) * canvas.width / box.width, (e.clientY - box.top) * canvas.height / box.height];
    };
    const dot = (e) => {
      const [x, y] = at(e);
      paint.fillStyle = "#fff";
      paint.beginPath();
      paint.arc(x, y, $("#brush-size").value * canvas.width / 512, 0, 2 * Math.PI);
      paint.fill();
    };
    const keep = () => {
      const mask = document.createElement("canvas");
      mask.width = canvas.width;
      mask.height = canvas.height;
      const draw = mask.getContext("2d");
      draw.fillStyle = "#000";
      draw.fillRect(0, 0, mask.width, mask.height);
      draw.drawImage(canvas, 0, 0);
      field.value = mask.toDataURL("image/png");
    };
    canvas.addEventListener("pointerdown", (e) => { painting = true; canvas.setPointerCapture(e.pointerId); dot(e); });
    canvas.addEventListener("pointermove", (e) => { if (painting) dot(e); });
    canvas.addEventListener("pointerup", () => { painting = false; keep(); });
    $("[data-brush-clear]").addEventListener("click", clear);
  }

  dressAll();
  count();
  brush();
})();
