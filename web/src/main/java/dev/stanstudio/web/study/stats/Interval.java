package dev.stanstudio.web.study.stats;

/** An interval that covers the true value with a stated confidence. */
public record Interval(double low, double high) {
    /** Everything a share can be: nothing is known. */
    public static final Interval SHARE = new Interval(0, 1);

    /** No interval: the data carry none. */
    public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

    /** Returns whether {@code value} is inside or on the edge; never of {@link #NONE}. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Returns whether there is an interval at all. */
    public boolean known() {
        return Double.isFinite(low) && Double.isFinite(high);
    }

    /** The smallest interval that holds both; {@link #NONE} where one of them is. */
    public Interval hull(Interval other) {
        return new Interval(Math.min(low, other.low), Math.max(high, other.high));
    }
}
