"""Simulates blind studies by their documented rules, independently of the program, and prints error rates.

    python docs/reference/study_simulations.py

First the rule that may be watched, looked at after every vote, when raters leave because of their answers and nothing is
better; then the headline of a fixed number of votes under the same; then the power calculator against the test it is for.
"""

import numpy as np
from scipy import stats

BETS = (np.arange(24) + 0.5) / 24
TRIALS, TIES = 20, 0.1
rng = np.random.default_rng(1)


def leaves(rule, x):
    """Whether a rater leaves after each answer (1 for one method, 0 for the other, 0.5 for no difference)."""
    dice = rng.random(x.shape)
    return {
        "nobody": np.zeros(x.shape, bool),
        "a quarter": (np.arange(x.shape[2]) == rng.integers(0, x.shape[2], x.shape[:2] + (1,)))
        & (rng.random(x.shape[:2] + (1,)) < 0.25),
        "first A": x == 1,
        "A, 1 in 5": (x == 1) & (dice < 0.2),
        "A, 1 in 20": (x == 1) & (dice < 0.05),
        "lead of 2": np.cumsum(x - 0.5, 2) >= 1,
    }[rule]


def studies(count, raters, beta, rule):
    """Answers, and how many trials each rater answers."""
    share = rng.beta(*beta, (count, raters, 1))
    x = (rng.random((count, raters, TRIALS)) < share).astype(float)
    x[rng.random(x.shape) < TIES] = 0.5
    gone = leaves(rule, x)
    return x, np.where(gone.any(2), gone.argmax(2) + 1, TRIALS)


def watched(x, stays, in_turn, alpha=0.05):
    """The share of studies that end when looked at after every vote."""
    answered = np.arange(1, TRIALS + 1) / TRIALS
    mean = np.cumsum(x, 2) / np.arange(1, TRIALS + 1)

    def logs(mean):
        careful = np.where(mean > 0.5, 0.5 + answered * (mean - 0.5), mean)
        return np.log(1 - BETS + BETS * careful[..., None] / 0.5)

    sides = [logs(mean), logs(1 - mean)]
    raters = range(x.shape[1])
    order = [(r, t) for t in range(TRIALS) for r in raters] if in_turn else [(r, t) for r in raters for t in range(TRIALS)]
    sums = [np.zeros((len(x), 24)), np.zeros((len(x), 24))]
    ended = np.zeros(len(x), bool)
    for r, t in order:
        there = (t < stays[:, r])[:, None]
        for total, side in zip(sums, sides):
            total += np.where(there, side[:, r, t] - (side[:, r, t - 1] if t else 0), 0)
        ended |= np.maximum(np.exp(sums[0]).mean(1), np.exp(sums[1]).mean(1)) >= 2 / alpha
    return ended.mean()


def rejects(won, votes, draws=1999):
    """Whether sign flips over raters reject one half."""
    lead = won[votes > 0] - votes[votes > 0] / 2
    signs = rng.choice([-1.0, 1.0], (draws, len(lead)))
    return (np.sum(np.abs(signs @ lead) >= abs(lead.sum()) - 1e-9) + 1) / (draws + 1) <= 0.05


def headline(x, stays):
    counts = (np.arange(TRIALS) < stays[..., None]) & (x != 0.5)
    return np.mean([rejects((c & (y == 1)).sum(1), c.sum(1)) for y, c in zip(x, counts)])


def power(share, votes, correlation, raters):
    """Of Student's t over raters, and of the sign flips: with equal and with unequal numbers of votes."""
    effect = abs(share - 0.5) / np.sqrt(share * (1 - share) * (correlation + (1 - correlation) / votes))
    shift, cut = effect * np.sqrt(raters), stats.t.ppf(0.975, raters - 1)
    told = stats.nct.sf(cut, raters - 1, shift) + stats.nct.cdf(-cut, raters - 1, shift)
    tail = 1 / correlation - 1
    found = []
    for low, high in ((votes, votes), (votes // 2, votes + votes // 2)):
        n = rng.integers(low, high + 1, (1000, raters))
        won = rng.binomial(n, rng.beta(share * tail, (1 - share) * tail, n.shape))
        found.append(np.mean([rejects(w, v) for w, v in zip(won, n)]))
    return told, *found


if __name__ == "__main__":
    for beta in ((10, 10), (2, 2), (1, 1)):
        for rule in ("nobody", "a quarter", "first A", "A, 1 in 20", "A, 1 in 5", "lead of 2"):
            x, stays = studies(400, 40, beta, rule)
            own, turn, fixed = watched(x, stays, False), watched(x, stays, True), headline(x[:300, :30], stays[:300, :30])
            print(f"Beta{beta}, leaving: {rule:10}: watched {own:.1%}, in turn {turn:.1%}; headline of 30 {fixed:.1%}")
    for design in ((0.65, 20, 0.2, 22), (0.65, 10, 0.2, 24), (0.6, 20, 0.2, 48), (0.8, 20, 0.33, 10)):
        print("share %.2f, %d votes, correlation %.2f, %d raters: calculator %.1f %%, equal %.1f %%, unequal %.1f %%"
              % (*design, *(100 * p for p in power(*design))))
