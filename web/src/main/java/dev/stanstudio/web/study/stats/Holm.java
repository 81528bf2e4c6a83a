package dev.stanstudio.web.study.stats;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Holm's correction (1979) of several tests at once. */
public final class Holm {
    private Holm() {}

    /** The adjusted p-values, in the order given. */
    public static List<Double> adjust(List<Double> p) {
        List<Integer> ascending =
                IntStream.range(0, p.size()).boxed().sorted(Comparator.comparing(p::get)).toList();
        List<Double> adjusted = new ArrayList<>(p);
        double most = 0;
        for (int rank = 0; rank < ascending.size(); rank++) {
            int i = ascending.get(rank);
            most = Math.max(most, p.get(i) * (p.size() - rank));
            adjusted.set(i, Math.min(1, most));
        }
        return adjusted;
    }
}
