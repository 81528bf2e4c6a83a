// Going from pair to pair: among the pictures chosen in the gallery, or among those of the matrix.
import { $ } from "./dom.js";
import { ofTab } from "./memory.js";

const PAIRS = "compare-pairs";
const AMONG = "&among=chosen";

const address = ([a, b], among) => "/compare?a=" + a + "&b=" + b + (among ? AMONG : "");

/** Opens the first pair of the chosen pictures. */
export async function comparePictures(ids) {
  if (ids.length < 2) return;
  const answer = await fetch("/compare/pairs", { method: "POST", body: new URLSearchParams(ids.map((id) => ["id", id])), headers: { "HX-Request": "true" } });
  const pairs = answer.ok ? (await answer.json()).map((pair) => [pair.left, pair.right]) : [];
  if (!pairs.length) return;
  ofTab.write(PAIRS, pairs);
  location.href = address(pairs[0], true);
}

const same = (one, a, b) => one[0] === a && one[1] === b;

/** Leads the page's links to the neighbours of its pair; pairs stay swapped once they are. */
export function linkPairs() {
  const here = $("#compare-pairs").dataset;
  const among = new URLSearchParams(location.search).has("among");
  const ofMatrix = here.pairs.split(" ").filter(Boolean).map((pair) => pair.split(","));
  const pairs = among ? ofTab.read(PAIRS) || [] : ofMatrix;
  const swapped = !pairs.some((pair) => same(pair, here.a, here.b)) && pairs.some((pair) => same(pair, here.b, here.a));
  const turned = swapped ? pairs.map(([a, b]) => [b, a]) : pairs;
  const at = turned.findIndex((pair) => same(pair, here.a, here.b));
  $("#swap").href = address([here.b, here.a], among);
  if (among) ["#previous-pair", "#next-pair"].forEach((link) => $(link).removeAttribute("href"));
  if (at < 0 || turned.length < 2) return;
  $("#pair-place").textContent = `${at + 1} of ${turned.length}`;
  if (at > 0) $("#previous-pair").href = address(turned[at - 1], among);
  if (at + 1 < turned.length) {
    $("#next-pair").href = address(turned[at + 1], among);
    turned[at + 1].forEach((id) => { new Image().src = "/pictures/" + id + ".png"; });
  }
}
