package dev.stanstudio.web.study.stats;

/** Wins and ties between n contestants, possibly weighted. Not thread-safe while it is filled. */
public final class PairCounts {
    private final double[][] wins;
    private final double[][] ties;

    /** No votes among {@code n} contestants. */
    public PairCounts(int n) {
        wins = new double[n][n];
        ties = new double[n][n];
    }

    /** Counts {@code weight} votes for {@code winner} against {@code loser}. */
    public PairCounts win(int winner, int loser, double weight) {
        wins[winner][loser] += weight;
        return this;
    }

    /** Counts {@code weight} ties. */
    public PairCounts tie(int a, int b, double weight) {
        ties[Math.min(a, b)][Math.max(a, b)] += weight;
        return this;
    }

    /** Number of contestants. */
    public int size() {
        return wins.length;
    }

    /** Votes for {@code a} against {@code b}. */
    public double wins(int a, int b) {
        return wins[a][b];
    }

    /** Ties between the two. */
    public double ties(int a, int b) {
        return ties[Math.min(a, b)][Math.max(a, b)];
    }

    double points(int a, int b, boolean halfTies) {
        return wins(a, b) + (halfTies ? ties(a, b) / 2 : 0);
    }

    /**
     * Returns whether finite strengths maximize the likelihood: from every contestant a chain of
     * losses leads to every other (Ford, 1957).
     *
     * @param halfTies whether a tie is half a win for each, rather than nothing
     */
    public boolean connected(boolean halfTies) {
        int n = size();
        boolean[][] reach = new boolean[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                reach[i][j] = i == j || points(i, j, halfTies) > 0;
            }
        }
        return Reachability.complete(reach);
    }
}
