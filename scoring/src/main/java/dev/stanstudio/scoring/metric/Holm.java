package dev.stanstudio.scoring.metric;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Holm's correction of several tests (Holm 1979): the chance of any false alarm stays below α. */
public final class Holm {
    private Holm() {}

    /** The adjusted p values, in the order given; each at most 1. */
    public static double[] adjust(double[] p) {
        int[] order =
                IntStream.range(0, p.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> p[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, p[order[rank]] * (p.length - rank));
            adjusted[order[rank]] = Math.min(1, largest);
        }
        return adjusted;
    }

    /** The adjusted p values of a list. */
    public static double[] adjust(List<Double> p) {
        return adjust(p.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
