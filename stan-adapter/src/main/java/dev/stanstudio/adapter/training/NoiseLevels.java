package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.schedule.TrainingTable;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The noise levels of a training: u of 0 … 1 by a density, then entry ⌊n·u⌋ of the model's table,
 * so that small u is much noise (diffusers training_utils.py,
 * compute_density_for_timestep_sampling).
 *
 * @param density how u is drawn
 * @param mean of the logit-normal density
 * @param deviation of the logit-normal density
 * @param modeScale s of the mode density
 * @param shift of the levels instead of the model's, or null
 */
public record NoiseLevels(
        Density density, double mean, double deviation, double modeScale, @Nullable Double shift) {
    /** The reference's default. */
    public static final NoiseLevels DEFAULT =
            new NoiseLevels(Density.LOGIT_NORMAL, 0, 1, 1.29, null);

    /** The model's own shift. */
    public NoiseLevels(Density density, double mean, double deviation, double modeScale) {
        this(density, mean, deviation, modeScale, null);
    }

    /** Lists the densities of u. */
    public enum Density {
        /** The sigmoid of a normal number. */
        LOGIT_NORMAL("logit_normal"),
        /** Heavier at the ends (Esser et al. 2024, eq. 20). */
        MODE("mode"),
        /** Uniform. */
        UNIFORM("uniform");

        private final String label;

        Density(String label) {
            this.label = label;
        }

        /**
         * The density called {@code label}.
         *
         * @throws ArgumentException that lists the names
         */
        public static Density of(String label) {
            return Arrays.stream(values())
                    .filter(density -> density.label.equals(label))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new ArgumentException(
                                            "no density is called '%s'; use %s"
                                                    .formatted(
                                                            label,
                                                            Arrays.stream(values())
                                                                    .map(d -> d.label)
                                                                    .collect(
                                                                            Collectors.joining(
                                                                                    ", ")))));
        }
    }

    /** Refuses numbers that cannot work. */
    public NoiseLevels {
        if (!Double.isFinite(mean) || !(deviation > 0) || !Double.isFinite(modeScale)) {
            throw new ArgumentException(
                    ("the density needs a mean, a deviation above 0 and a mode scale, not %s,"
                                    + " %s, %s")
                            .formatted(mean, deviation, modeScale));
        }
        if (shift != null && !(shift > 0 && Double.isFinite(shift))) {
            throw new ArgumentException("--shift must be above 0, not " + shift);
        }
    }

    /** u of 0 … 1. */
    double place(Random random) {
        return switch (density) {
            case LOGIT_NORMAL -> 1 / (1 + Math.exp(-(mean + deviation * random.nextGaussian())));
            case MODE -> {
                double u = random.nextDouble();
                double wave = Math.pow(Math.cos(Math.PI * u / 2), 2);
                yield 1 - u - modeScale * (wave - 1 + u);
            }
            case UNIFORM -> random.nextDouble();
        };
    }

    /** A level of {@code table}. */
    double draw(Random random, TrainingTable table) {
        int entry = (int) (place(random) * table.size());
        int place = Math.max(0, Math.min(entry, table.size() - 1));
        if (shift == null) {
            return table.sigma(place);
        }
        double sigma = (double) (table.size() - place) / table.size();
        return shift * sigma / (1 + (shift - 1) * sigma);
    }
}
