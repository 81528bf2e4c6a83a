package dev.stanstudio.web.study.stats;

/** An interval that covers the true value with a stated confidence. */
public record Interval(double low, double high) {
    /** Everything a share can be: nothing is known. */
    public static final Interval SHARE = new Interval(0, 1);

    /** Whether {@code value} is inside or on the edge. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
