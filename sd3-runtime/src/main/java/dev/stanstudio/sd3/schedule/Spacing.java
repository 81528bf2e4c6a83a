package dev.stanstudio.sd3.schedule;

import dev.stanstudio.base.ArgumentException;
import java.util.List;

/** Sigmas of a generation before any shift. Immutable. */
public abstract sealed class Spacing {
    /** Number of denoising steps, at least 1. */
    public abstract int count();

    /** True if the user gave the sigmas themselves. */
    abstract boolean given();

    /** A new array of the unshifted sigmas, descending, without the final 0. */
    abstract double[] unshifted(ScheduleConfig config, SamplerKind sampler);

    /** The type the reference shifts these sigmas in. */
    abstract Precision precision();

    /**
     * {@code count} sigmas, placed by the sampler's own rule.
     *
     * @throws ArgumentException if {@code count} is below 1
     */
    public static Spacing steps(int count) {
        if (count < 1) {
            throw new ArgumentException("steps is " + count + "; at least 1 step is needed");
        }
        return new Steps(count);
    }

    /**
     * Sigmas chosen by the user; the configured shift still applies to them, once.
     *
     * @param values falling strictly as float32, each in (0, 1], without the final 0
     * @throws ArgumentException if there are none, one lies outside (0, 1], or they do not fall
     */
    public static Spacing sigmas(List<Double> values) {
        if (values.isEmpty()) {
            throw new ArgumentException("the list of sigmas is empty; give at least one");
        }
        double last = Double.POSITIVE_INFINITY;
        for (double value : values) {
            if (!((float) value > 0 && value <= 1)) {
                throw new ArgumentException(
                        "sigma %s is outside (0, 1] in %s; the final 0 is added by itself"
                                .formatted(value, values));
            }
            if ((float) value >= (float) last) {
                throw new ArgumentException(
                        "sigmas must fall strictly, but %s follows %s in %s"
                                .formatted(value, last, values));
            }
            last = value;
        }
        return new Sigmas(values.stream().mapToDouble(value -> (float) (double) value).toArray());
    }

    private static final class Steps extends Spacing {
        private final int count;

        Steps(int count) {
            this.count = count;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        double[] unshifted(ScheduleConfig config, SamplerKind sampler) {
            return sampler.unshifted(config, count);
        }

        @Override
        boolean given() {
            return false;
        }

        @Override
        Precision precision() {
            return Precision.FLOAT64;
        }
    }

    private static final class Sigmas extends Spacing {
        private final double[] values;

        Sigmas(double[] values) {
            this.values = values;
        }

        @Override
        public int count() {
            return values.length;
        }

        @Override
        double[] unshifted(ScheduleConfig config, SamplerKind sampler) {
            return values.clone();
        }

        @Override
        boolean given() {
            return true;
        }

        @Override
        Precision precision() {
            return Precision.FLOAT32;
        }
    }
}
