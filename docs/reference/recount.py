"""Counts a study again from the files that `studio study export` wrote.

    python docs/reference/recount.py FOLDER

Every number of result.json is computed from votes.csv and plan.json with public libraries (scipy, statsmodels,
krippendorff, choix) and compared. Ends with 1 and names what differs. recount-requirements.txt has the versions.
"""

import csv
import hashlib
import json
import math
import re
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import choix
import krippendorff
import numpy as np
from scipy import stats
from statsmodels.stats.inter_rater import fleiss_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

LEAST, ENUMERATED, DRAWS, BETS, RIDGE = 6, 14, 9_999, 24, 0.1
SLACK = 1 + 1e-9  # a probability that equals its limit but for rounding
problems, compared, worst = [], 0, 0.0


def same(what, told, own, tolerance=1e-7):
    """Compares a number, a list of numbers, or two things of any other kind."""
    global compared, worst
    if isinstance(told, list) and isinstance(own, (list, tuple)) and len(told) == len(own):
        for index, (a, b) in enumerate(zip(told, own)):
            same(f"{what}[{index}]", a, b, tolerance)
        return
    compared += 1
    if isinstance(told, float) and own is not None and not isinstance(own, (str, bool)):
        error = abs(told - own)
        worst = max(worst, error)
        if not error <= tolerance * max(1, abs(told)):
            problems.append(f"{what}: the report says {told}, the files {own}")
    elif told != own:
        problems.append(f"{what}: the report says {told!r}, the files {own!r}")


def finite(value):
    return None if value is None or not math.isfinite(value) else float(value)


def original(cell):
    """The text behind a cell: an apostrophe stands before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and re.match(r"'+[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]", cell) else cell


def lines(file):
    """A file's lines, of which only a line feed ends one: JSON may hold other separators."""
    return file.read_text(encoding="utf-8").split("\n")[:-1]


class Vote:
    def __init__(self, row):
        self.rater, self.scene, self.seq = row["observer"], int(row["scene"]), int(row["seq"])
        self.role, self.question = row["role"], original(row["question"])
        self.prompt, self.style = original(row["prompt"]), original(row["style"])
        self.choice, self.counted, self.entered = int(row["choice"]), row["counted"] == "1", int(row["entered"])
        self.text_slots = original(row["slots"])
        self.position, self.millis = int(row["position"]), int(row["millis"])
        self.slots = []

    def tie(self):
        return self.choice == 0

    def picked(self):
        return self.slots[self.choice - 1]


def read(folder):
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    with open(folder / "votes.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    votes = []
    for row in rows:
        vote = Vote(row)
        showing = plan["raters"][int(vote.rater[1:]) - 1][vote.position]
        vote.slots = [plan["pictures"][picture]["method"] for picture in showing["pictures"]]
        names = ["(spoiled)" if m < 0 else plan["methods"][m] for m in vote.slots]
        same(f"slots of row {vote.seq}", vote.text_slots, "|".join(names))
        votes.append(vote)
    return plan, votes


def signs(raters):
    """Which raters keep their sign: all assignments, or SplitMix64 from seed 1."""
    if raters <= ENUMERATED:
        flips = np.arange(2 ** max(0, raters - 1), dtype=np.uint64) * np.uint64(2)
        words = (~flips)[:, None]
    else:
        per_draw = (raters + 63) // 64
        with np.errstate(over="ignore"):
            z = np.uint64(1) + np.arange(1, DRAWS * per_draw + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
        words = np.vstack([np.full((1, per_draw), np.uint64(0xFFFFFFFFFFFFFFFF)), z.reshape(DRAWS, per_draw)])
    kept = [(words[:, r // 64] >> np.uint64(r % 64)) & np.uint64(1) for r in range(raters)]
    return 2.0 * np.array(kept, dtype=float).T - 1


def flips(won, votes, even=0.5):
    """Share, p of `even` and interval over raters (by searching where p crosses 5 %)."""
    won, votes = np.array(won, float), np.array(votes, float)
    if not len(won):
        return math.nan, 1.0, None
    share, assigned = won.sum() / votes.sum(), signs(len(won))

    def p(s):
        differences = won - s * votes
        return np.mean(np.abs(assigned @ differences) >= abs(differences.sum()) - 1e-9)

    if p(-1e9) > 0.05:
        return share, p(even), None
    ends = []
    for far in (share - 1.5, share + 1.5):
        inside, outside = share, far
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if p(middle) > 0.05 else (inside, middle)
        ends.append(inside)
    alike = np.all(np.abs(won / votes - share) < 1e-9)
    n = len(won) if alike else votes.sum()
    wilson = proportion_confint(share * n, n, method="wilson")
    return share, p(even), [min(ends[0], wilson[0]), max(ends[1], wilson[1])]


def by_rater(votes, wins):
    sums = defaultdict(lambda: [0, 0])
    for vote in sorted(votes, key=lambda v: int(v.rater[1:])):
        sums[vote.rater][0] += wins(vote)
        sums[vote.rater][1] += 1
    return [s[0] for s in sums.values()], [s[1] for s in sums.values()]


def two_way(votes, wins):
    y = np.array([wins(v) for v in votes], float)
    if len(y) == 0:
        return None
    residuals = (y - y.mean()) / len(y)

    def variance(keys):
        sums = defaultdict(float)
        for key, residual in zip(keys, residuals):
            sums[key] += residual
        groups = len(sums)
        return groups, math.inf if groups < 2 else groups / (groups - 1) * sum(s * s for s in sums.values())

    raters, over_raters = variance([v.rater for v in votes])
    prompts, over_prompts = variance([v.prompt for v in votes])
    _, both = variance([(v.rater, v.prompt) for v in votes])
    if raters < LEAST or prompts < 2:
        return None
    spread = max(over_raters + over_prompts - both, over_raters, over_prompts)
    half = stats.t.ppf(0.975, min(raters, prompts) - 1) * math.sqrt(spread)
    return [max(0, y.mean() - half), min(1, y.mean() + half)]


def betting(scores, alpha):
    """Raters, mean, interval and p of the hedged capital over (mean, share of trials answered)."""
    bets = (np.arange(BETS) + 0.5) / BETS
    low, high, p = 0.0, 1.0, 1.0

    def capital(m, values):
        mean, answered = np.array(values).T
        careful = np.where(mean > m, m + answered * (mean - m), mean)
        return np.mean(np.prod(1 - bets[:, None] + bets[:, None] * careful[None] / m, axis=1))

    def edge(values):
        out, into = 0.0, 1.0
        for _ in range(60):
            middle = (out + into) / 2
            out, into = (middle, into) if capital(middle, values) >= 2 / alpha else (out, middle)
        return out

    if scores:
        below = [(1 - x, answered) for x, answered in scores]
        p = min(p, 2 / max(capital(0.5, scores), capital(0.5, below)))
        low, high = edge(scores), 1 - edge(below)
    return len(scores), (float(np.mean([x for x, _ in scores])) if scores else math.nan), [low, high], float(p)


def anytime(votes, plan, question, a, b, alpha):
    number = plan["settings"]["questions"].index(question)

    def trials(rater):
        methods = [{plan["pictures"][p]["method"] for p in s["pictures"]} for s in plan["raters"][int(rater[1:]) - 1]
                   if s["role"] == "VOTE" and s["question"] == number]
        return sum({a, b} <= shown for shown in methods)

    def brought(key):
        return float(np.mean(sums[key])), len(sums[key]) / trials(key[1])

    sums = defaultdict(list)
    for vote in votes:
        if vote.role == "vote" and vote.question == question and vote.entered and {a, b} <= set(vote.slots):
            score = 0.5 if vote.tie() or vote.picked() not in (a, b) else float(vote.picked() == a)
            sums[(vote.entered, vote.rater)].append(score)
    trusted = {v.rater for v in votes if v.counted}
    everybody = [brought(key) for key in sorted(sums)]
    without = [brought(key) for key in sorted(sums) if key[1] in trusted]
    all_of, own = betting(everybody, alpha), betting(without, alpha)
    alike = (all_of[1] > 0.5) == (own[1] > 0.5)
    hull = [min(all_of[2][0], own[2][0]), max(all_of[2][1], own[2][1])]
    return own[0], own[1], hull, max(all_of[3], own[3]) if alike else 1.0


def table(told, name, votes, everything, plan, question, whole, complete):
    settings, methods = plan["settings"], plan["methods"]
    alpha, sequence = settings["stop"]["alpha"], settings["stop"]["kind"] == "SEQUENCE"
    ps = []
    for c in told:
        what = f"{name}: {c['leader']} over {c['other']}"
        a, b = methods.index(c["leader"]), methods.index(c["other"])
        both = [v for v in votes if {a, b} <= set(v.slots)]
        decisive = [v for v in both if not v.tie() and v.picked() in (a, b)]
        wins = sum(v.picked() == a for v in decisive)
        losses = len(decisive) - wins
        same(what + " wins", c["wins"], wins)
        same(what + " losses", c["losses"], losses)
        same(what + " ties", c["ties"], sum(v.tie() for v in both))
        same(what + " share", c["decisive_share"], finite(wins / len(decisive)) if decisive else None)
        share, p, interval = flips(*by_rater(decisive, lambda v: v.picked() == a))
        prompts = two_way(decisive, lambda v: v.picked() == a)
        if prompts and interval:
            prompts = [min(prompts[0], interval[0]), max(prompts[1], interval[1])]
        else:
            prompts = None
        raters = len({v.rater for v in decisive})
        if whole:
            watched = anytime(everything, plan, question, a, b, alpha)
            same(what + " any-time raters", c["anytime"]["raters"], watched[0])
            same(what + " any-time mean", c["anytime"]["mean_score"], finite(watched[1]))
            same(what + " any-time interval", c["anytime"]["interval"], watched[2])
            same(what + " any-time p", c["anytime"]["p"], watched[3])
        if whole and sequence:
            raters, share, interval, p = watched[0], watched[1], watched[2], watched[3]
        head = c["headline"]
        ps.append(p)
        same(what + " raters", head["raters"], raters)
        same(what + " headline share", head["share"], finite(share))
        same(what + " headline interval", head["interval"], interval)
        same(what + " p", head["p"], p)
        same(what + " raters and prompts", c["raters_and_prompts"]["interval"], prompts)
        wilson = proportion_confint(wins, len(decisive), method="wilson") if decisive else (0.0, 1.0)
        same(what + " Wilson", c["naive"]["wilson"], list(wilson))
        naive = stats.binomtest(wins, len(decisive)).pvalue if decisive else 1.0
        same(what + " sign test", c["naive"]["p"], naive)
    if ps:
        for c, adjusted in zip(told, multipletests(ps, method="holm")[1]):
            head = c["headline"]
            same(f"{name}: {c['leader']} Holm", head["p_holm"], float(adjusted))
            bounds = head["interval"]
            standing = ("VERDICT" if whole else "ASIDE") if sequence else "VERDICT" if complete else "EARLY"
            same(f"{name}: {c['leader']} standing", head["standing"], standing)
            may = standing == "VERDICT"
            own = bool(may and adjusted <= head["level"] and bounds and not bounds[0] <= 0.5 <= bounds[1])
            same(f"{name}: {c['leader']} verdict", head["verdict"], own)
    pairs = sum(1 for a, b in combinations(range(len(methods)), 2) if any({a, b} <= set(v.slots) for v in votes))
    same(f"{name}: comparisons", len(told), pairs)


def strengths(votes, n, pairs):
    if pairs:
        data = []
        for v in votes:
            if v.tie():
                data += [tuple(v.slots), tuple(v.slots[::-1])]
            else:
                loser = v.slots[2 - v.choice]
                data += [(v.picked(), loser)] * 2
        edges = set(data)
    else:
        data = [(v.picked(), [m for m in v.slots if m != v.picked()]) for v in votes if not v.tie()]
        edges = {(w, other) for w, losers in data for other in losers}
    reach = np.eye(n, dtype=bool)
    for w, other in edges:
        reach[w, other] = True
    for k in range(n):
        reach |= np.outer(reach[:, k], reach[k])
    exists = bool(reach.all()) and n > 1
    if not data:
        return np.zeros(n), exists
    if pairs:
        fit = choix.opt_pairwise(n, data, alpha=0 if exists else 2 * RIDGE, method="Newton-CG", tol=1e-12)
    else:
        fit = choix.opt_top1(n, data, alpha=0 if exists else RIDGE, method="Newton-CG", tol=1e-12)
    return fit - fit.mean(), exists


def jackknife(votes, n, pairs):
    raters, prompts = sorted({v.rater for v in votes}), sorted({v.prompt for v in votes})
    if len(raters) < LEAST:
        return None

    def variance(groups, key):
        fits = np.array([strengths([v for v in votes if key(v) != g], n, pairs)[0] for g in groups])
        return (len(groups) - 1) / len(groups) * ((fits - fits.mean(0)) ** 2).sum(0)

    spread = variance(raters, lambda v: v.rater)
    if len(prompts) > 1:
        spread = spread + variance(prompts, lambda v: v.prompt)
    fewest = min(len(raters), len(prompts)) if len(prompts) > 1 else len(raters)
    return stats.t.ppf(0.975, fewest - 1) * np.sqrt(spread)


def method_rows(told, name, votes, plan):
    pairs, n = plan["settings"]["arrangement"] == "PAIRS", len(plan["methods"])
    fit, exists = strengths(votes, n, pairs)
    half = jackknife(votes, n, pairs)
    same(name + " prior", "weak prior" in told["model"], not exists)
    for row in told["methods"]:
        m, what = plan["methods"].index(row["method"]), f"{name}: {row['method']}"
        own = [v for v in votes if not v.tie() and m in v.slots]
        picks = sum(v.picked() == m for v in own)
        same(what + " picks", [row["picks"], row["shown"]], [picks, len(own)])
        same(what + " interval", row["interval_over_raters"], flips(*by_rater(own, lambda v: v.picked() == m))[2])
        same(what + " Wilson", row["naive"]["wilson"],
             list(proportion_confint(picks, len(own), method="wilson")) if own else [0.0, 1.0])
        same(what + " strength", row["strength"], fit[m], 1e-5)
        same(what + " Elo", row["elo"], 1000 + 400 / math.log(10) * fit[m], 1e-5)
        interval = None if half is None else [fit[m] - half[m], fit[m] + half[m]]
        same(what + " strength interval", row["strength_interval_over_raters_and_prompts"], interval, 1e-4)
        decided = [c for c in told["comparisons"] if c["headline"]["verdict"]]
        places = [1 + sum(c["other"] == row["method"] for c in decided),
                  n - sum(c["leader"] == row["method"] for c in decided)]
        same(what + " places", row["ranks"], places)


def agreement(told, name, votes):
    units = defaultdict(list)
    kinds = 1
    for v in votes:
        ordered = sorted(v.slots)
        kinds = max(kinds, len(ordered) + 1)
        units[(v.scene, *ordered)].append(len(ordered) if v.tie() else ordered.index(v.picked()))
    shared = [u for u in units.values() if len(u) > 1]
    same(name + " units", [told["krippendorff_units"], told["units_with_one_answer"]],
         [len(shared), len(units) - len(shared)])
    if len({value for u in shared for value in u}) > 1:
        counts = np.array([[u.count(k) for k in range(kinds)] for u in shared])
        same(name + " alpha", told["krippendorff"],
             krippendorff.alpha(value_counts=counts, level_of_measurement="nominal"))
    else:
        same(name + " alpha", told.get("krippendorff"), None)
    sizes = [len(u) for u in shared]
    size = max(set(sizes), key=lambda s: (sizes.count(s), s)) if sizes else 0
    common = [u for u in shared if len(u) == size]
    same(name + " kappa units", [told["fleiss_answers"], told["fleiss_units"], told["fleiss_units_left_out"]],
         [size, len(common), len(shared) - len(common)])
    if len({value for u in common for value in u}) > 1:
        counts = np.array([[u.count(k) for k in range(kinds)] for u in common])
        same(name + " kappa", told["fleiss"], float(fleiss_kappa(counts)))
    else:
        same(name + " kappa", told.get("fleiss"), None)


def alone(own, settings, planned, showings):
    """Whether a rater passes the rules that need nobody else's answers."""
    cast = [v for v in own if v.role == "vote"]
    checks = [v for v in own if v.role == "check"]

    def unlikely(least, of, chance, error):
        return of > 0 and stats.binom.sf(least - 1, of, chance) <= error * SLACK

    def shown(vote):
        return tuple(sorted(showings[vote.position]["pictures"])), vote.question

    def answer(vote):
        return -1 if vote.tie() else vote.picked()

    missed = sum(v.choice != showings[v.position]["expected"] for v in checks)
    first = {}
    for v in cast:
        first.setdefault(shown(v), v)
    repeats = [(v, first[shown(v)]) for v in own if v.role == "repeat" and shown(v) in first]
    alike = sum(answer(v) == answer(w) for v, w in repeats)
    chance = min([1 / (len(v.slots) + settings["ties"]) for v, _ in repeats], default=1)
    places = max([len(v.slots) for v in cast], default=2)
    most = max(sum(v.choice == place for v in cast) for place in range(1, places + 1))
    timed = [v.millis for v in cast if v.millis >= 0]
    fast = sum(millis < settings["minMillis"] + 150 for millis in timed)
    return not (
        unlikely(missed, len(checks), 0.01, 0.02 / planned)
        or repeats and stats.binom.cdf(alike, len(repeats), chance) <= 0.0075 / planned * SLACK
        or unlikely(most, sum(not v.tie() for v in cast), 1 / places, 0.0075 / planned / places)
        or settings["minMillis"] >= 400 and unlikely(fast, len(timed), 0.25, 0.0075 / planned)
    )


def towards_end(result, votes, plan):
    """The votes that the stopping rule counts, and whether they meet it."""
    settings = plan["settings"]
    if "votes_towards_end" not in result:
        return  # A report of a version whose rule counted everybody's votes.
    # The row that ends a study of a fixed number is of a rater who passes, and everything later is in no sequence.
    fixed = settings["stop"]["kind"] == "VOTES"
    end = max((v.seq for v in votes if v.entered), default=0) if fixed and result["complete"] else math.inf
    count = 0
    for report in result["rater_reports"]:
        rater, entered = report["rater"], report["entered"] > 0
        own = [v for v in votes if v.rater == rater and (v.entered or not entered and v.seq <= end)]
        showings = plan["raters"][int(rater[1:]) - 1]
        passes = alone(own, settings, len(plan["raters"]), showings)
        address = any("network address" in reason for reason in report["reasons"])
        if entered or fixed or not result["complete"]:
            same(f"{rater} passes the rules about own answers", entered, passes and not address)
        count += sum(v.role == "vote" for v in own) if entered else 0
    same("votes towards the end", result["votes_towards_end"], count)
    enough = count >= settings["stop"]["votes"]
    if fixed:
        same("complete", result["complete"], enough)
    else:
        same("complete with the number", True, result["complete"] or not enough)


def files(folder, result, votes, plan):
    """The hashes, and that each file marks the same votes."""
    for line in lines(folder / "SHA256SUMS"):
        told, name = line.split("  ", 1)
        same("hash of " + name, told, hashlib.sha256((folder / name).read_bytes()).hexdigest())
    if not result["plan_paths_shortened"]:
        same("plan hash", result["plan_sha256"], hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest())
    cast = [v for v in votes if v.role == "vote"]
    arena = [json.loads(line) for line in lines(folder / "votes.jsonl")]
    same("votes.jsonl", [(a["judge"], a["question_id"], a["counted"]) for a in arena],
         [(v.rater, v.scene, v.counted) for v in cast])
    same("preferences.jsonl", len(lines(folder / "preferences.jsonl")), sum(len(v.slots) - 1 for v in cast if v.counted and not v.tie()))
    same("counted votes", result["votes_counted"], sum(v.counted for v in votes))
    same("counted votes are votes", [], [v.seq for v in votes if v.counted and v.role != "vote"])


def main(folder):
    plan, votes = read(folder)
    result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    files(folder, result, votes, plan)
    out = {r["rater"] for r in result["rater_reports"] if not r["counts"]}
    same("left out", result["raters_left_out"], len(out))
    towards_end(result, votes, plan)
    same("counted raters", [], [v.seq for v in votes if v.counted and v.rater in out])
    counted = [v for v in votes if v.counted]
    slots = max(len(showing["pictures"]) for showing in plan["raters"][0])
    chosen = [sum(v.choice == slot + 1 for v in counted) for slot in range(slots)]
    side = result["sides"]
    same("sides", side["chosen"], chosen)
    decisive = [v for v in counted if not v.tie()]
    _, p, interval = flips(*by_rater(decisive, lambda v: v.choice == 1), even=1 / slots)
    same("side p", side["p"], p)
    same("side interval", side["first_interval"], interval)
    same("side binomial", side["naive"]["p"],
         stats.binomtest(chosen[0], sum(chosen), 1 / slots).pvalue if decisive else 1.0)
    for question in result["questions"]:
        name = question["question"]
        own = [v for v in counted if v.question == name]
        same(name + " votes", [question["votes"], question["ties"]], [len(own), sum(v.tie() for v in own)])
        table(question["comparisons"], name, own, votes, plan, name, True, result["complete"])
        for style, told in question["styles"].items():
            table(told, f"{name} ({style})", [v for v in own if v.style == style], votes, plan, name, False,
                  result["complete"])
        method_rows(question, name, own, plan)
        agreement(question["agreement"], name, own)
    print(f"{compared} numbers compared, largest difference {worst:.2g}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
