// The voting page: answers wait until all pictures are there and have been seen, keys, retrying, enlarging.
// Without this script the page works too, by plain forms.
(() => {
  "use strict";
  const RETRY_MILLIS = [1000, 2000, 4000, 8000, 15000];
  let ready = false;
  let retries = 0;
  let pending = null;
  let timer = 0;

  const trial = () => document.querySelector("section#trial");

  function say(text, trouble) {
    const notice = document.getElementById("notice");
    if (notice) {
      notice.textContent = text;
      notice.classList.toggle("trouble", Boolean(trouble));
    }
  }

  function setChoices(enabled) {
    document.querySelectorAll(".choice").forEach((button) => { button.disabled = !enabled; });
  }

  function viewport() {
    return `${window.innerWidth}x${window.innerHeight}@${window.devicePixelRatio}`;
  }

  function prepare(first) {
    const section = trial();
    clearTimeout(timer);
    pending = null;
    retries = 0;
    ready = false;
    const heading = document.getElementById("question");
    if (!section) {
      if (heading) heading.focus();
      return;
    }
    section.querySelector("[name=viewport]").value = viewport();
    setChoices(false);
    section.classList.add("loading");
    const images = [...section.querySelectorAll(".pictures img")];
    Promise.all(images.map((image) => image.decode().catch(() => Promise.reject(image)))).then(
      () => {
        if (section !== trial()) return;
        section.classList.remove("loading");
        timer = setTimeout(() => {
          ready = true;
          setChoices(true);
        }, Number(section.dataset.min));
        preload(section.dataset.next);
      },
      () => {
        if (section !== trial()) return;
        say("A picture did not load. Trying again…", true);
        timer = setTimeout(() => location.reload(), 3000);
      });
    if (!first && heading) heading.focus({ preventScroll: true });
  }

  function preload(addresses) {
    addresses.split(" ").filter(Boolean).forEach((address) => { new Image().src = address; });
  }

  function press(key) {
    const button = document.querySelector(`[data-key="${key}"]`);
    if (button && !button.disabled) button.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (document.querySelector("dialog[open]")) return;
    if (/^[0-9]$/.test(event.key)) press(event.key);
    if (event.key === "u" || event.key === "U" || event.key === "Backspace") press("u");
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.submitter;
    pending = button || pending;
    if (button && button.classList.contains("choice")) {
      const shown = document.querySelectorAll(".pictures figure")[Number(button.value) - 1];
      if (shown) shown.classList.add("chosen");
    }
    setChoices(false);
  });

  function retry(reason) {
    const wait = RETRY_MILLIS[Math.min(retries, RETRY_MILLIS.length - 1)];
    retries += 1;
    say(`${reason} Your answer is kept and sent again in ${Math.round(wait / 1000)} s.`, true);
    timer = setTimeout(() => {
      if (pending) {
        pending.disabled = false;
        pending.form.requestSubmit(pending);
      }
    }, wait);
  }

  document.addEventListener("htmx:sendError", () => retry("No connection."));
  document.addEventListener("htmx:timeout", () => retry("No answer."));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status >= 500) {
      retry("The server is busy.");
      return;
    }
    const told = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    say(told.body.textContent.trim(), true);
    document.querySelectorAll(".chosen").forEach((figure) => figure.classList.remove("chosen"));
    if (status === 425) {
      timer = setTimeout(() => setChoices(true), 500);
    }
  });
  document.addEventListener("htmx:afterSwap", () => prepare(false));

  document.addEventListener("click", (event) => {
    const look = event.target.closest(".look");
    if (look) enlarge(Number(look.dataset.slot) - 1);
  });

  function enlarge(from) {
    const images = [...document.querySelectorAll(".pictures img")];
    const dialog = document.createElement("dialog");
    dialog.className = "zoom";
    const image = document.createElement("img");
    const words = document.createElement("p");
    dialog.append(image, words);
    let at = from;
    let steps = 0;
    const show = () => {
      image.src = images[at].src;
      image.alt = images[at].alt;
      words.textContent = steps + 1 < images.length ? `Picture ${at + 1} · tap for the next` : `Picture ${at + 1} · tap to go back`;
    };
    dialog.addEventListener("click", () => {
      steps += 1;
      if (steps >= images.length) {
        dialog.close();
        return;
      }
      at = (at + 1) % images.length;
      show();
    });
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    show();
    dialog.showModal();
  }

  document.addEventListener("DOMContentLoaded", () => prepare(true));
})();
