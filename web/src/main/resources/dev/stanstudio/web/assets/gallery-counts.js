// The numbers of the gallery, fetched anew when pictures come, go or get a star.
import { $ } from "./dom.js";

const PARTS = ["#gallery-count", "#gallery-chips", "#choose-all"];

export async function refreshCounts() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  PARTS.forEach((part) => {
    const old = $(part);
    const now = $(part, fresh);
    if (old && now) old.innerHTML = now.innerHTML;
  });
}
