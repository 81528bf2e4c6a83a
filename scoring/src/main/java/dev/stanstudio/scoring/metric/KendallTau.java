package dev.stanstudio.scoring.metric;

/** Kendall's τ-b, the rank correlation that allows for ties (Kendall 1945). */
public final class KendallTau {
    private KendallTau() {}

    /**
     * Returns τ-b of two lists of equal length; NaN where all numbers of one are equal, or there
     * are fewer than two.
     */
    public static double of(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(a.length + " numbers beside " + b.length);
        }
        long agreed = 0;
        long apartInA = 0;
        long apartInB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                int first = Double.compare(a[i], a[j]);
                int second = Double.compare(b[i], b[j]);
                agreed += (long) Integer.signum(first) * Integer.signum(second);
                apartInA += first == 0 ? 0 : 1;
                apartInB += second == 0 ? 0 : 1;
            }
        }
        return agreed / Math.sqrt((double) apartInA * apartInB);
    }
}
