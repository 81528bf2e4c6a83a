package dev.stanstudio.web.study.result;

import java.util.List;

/**
 * The places that a method may have among all, 1 is the best. A method stands behind each that was
 * decided to be preferred to it, and before each that it was decided to be preferred to; all pairs
 * are decided together by Holm's correction, so that all methods' true places lie in their sets
 * with 95 % (Mogstad, Romano, Shaikh and Wilhelm 2024, by pairwise tests). Methods that are equally
 * preferred share the better place.
 *
 * @param best the best place that is not ruled out
 * @param worst the worst
 */
public record RankSet(int best, int worst) {
    /** Returns the places of {@code method} among {@code count} methods. */
    static RankSet of(String method, List<Comparison> comparisons, int count) {
        long before =
                comparisons.stream().filter(c -> c.decided() && c.other().equals(method)).count();
        long behind =
                comparisons.stream().filter(c -> c.decided() && c.leader().equals(method)).count();
        return new RankSet(1 + (int) before, count - (int) behind);
    }

    /** Returns the places for people. */
    public String shown() {
        return best == worst ? String.valueOf(best) : best + "–" + worst;
    }
}
