package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.metric.Estimate;
import dev.stanstudio.scoring.metric.NearestVotes;
import dev.stanstudio.scoring.metric.PoissonWeights;
import dev.stanstudio.scoring.metric.ResampledMean;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.scoring.score.Result.Confusion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds one tower's features of the reference pictures, by style: those that generated pictures are
 * compared with, and held-out ones that show the scores of real pictures. Filled once, then
 * read-only.
 */
final class StyleReferences {
    /** A real picture. */
    private static final class Real {
        private final String style;
        private final String sha256;
        private final double[] unit;

        Real(String style, String sha256, double[] unit) {
            this.style = style;
            this.sha256 = sha256;
            this.unit = unit;
        }
    }

    /**
     * Holds the scores of real pictures of a style, for comparison.
     *
     * @param floor mean cosine of held-out pictures of the other styles; null with one style only
     * @param ceiling mean cosine of held-out pictures of the style; null if there are none
     */
    record Scale(@Nullable Estimate floor, @Nullable Estimate ceiling) {
        /** Returns the position of {@code value}: 0 at the floor, 1 at the ceiling. */
        @Nullable Double position(double value) {
            if (floor == null || ceiling == null || !(ceiling.value() > floor.value())) {
                return null;
            }
            return (value - floor.value()) / (ceiling.value() - floor.value());
        }
    }

    private final NearestVotes votes = new NearestVotes();
    private final List<Real> references = new ArrayList<>();
    private final List<Real> heldOut = new ArrayList<>();
    private final Map<String, float[][]> rows = new TreeMap<>();
    private final Map<String, double[]> means = new TreeMap<>();
    private final Map<String, Scale> scales = new LinkedHashMap<>();
    private final Map<String, List<float[]>> features = new TreeMap<>();

    void addReference(String style, String sha256, float[] vector) {
        Real real = new Real(style, sha256, Vectors.unit(vector));
        references.add(real);
        votes.add(style, real.unit);
        features.computeIfAbsent(style, name -> new ArrayList<>()).add(vector);
    }

    void addHeldOut(String style, String sha256, float[] vector) {
        heldOut.add(new Real(style, sha256, Vectors.unit(vector)));
    }

    /** Computes means, floors and ceilings when everything was added. */
    void finish(PoissonWeights weights) {
        features.forEach((style, list) -> rows.put(style, list.toArray(float[][]::new)));
        rows.keySet().forEach(style -> means.put(style, mean(style)));
        rows.keySet().forEach(style -> scales.put(style, scale(style, weights)));
    }

    private double[] mean(String style) {
        List<Real> own = references.stream().filter(r -> r.style.equals(style)).toList();
        double[] mean = new double[own.get(0).unit.length];
        for (Real real : own) {
            for (int k = 0; k < mean.length; k++) {
                mean[k] += real.unit[k] / own.size();
            }
        }
        return mean;
    }

    private Scale scale(String style, PoissonWeights weights) {
        ResampledMean floor = new ResampledMean(weights.replicates());
        ResampledMean ceiling = new ResampledMean(weights.replicates());
        for (Real real : heldOut) {
            ResampledMean into = real.style.equals(style) ? ceiling : floor;
            byte[] often = weights.of(PoissonWeights.unit(real.sha256));
            into.add(toStyle(real.unit, style), often);
        }
        return new Scale(
                floor.count() == 0 ? null : floor.estimate(),
                ceiling.count() == 0 ? null : ceiling.estimate());
    }

    boolean has(String style) {
        return means.containsKey(style);
    }

    /** Floor and ceiling of {@code style}, if it has references. */
    @Nullable Scale scale(String style) {
        return scales.get(style);
    }

    /** The references' features of {@code style}, as the tower gave them. */
    float[][] rows(String style) {
        return rows.getOrDefault(style, new float[0][]);
    }

    /** Returns the number of held-out real pictures of {@code style}. */
    int heldOut(String style) {
        return (int) heldOut.stream().filter(real -> real.style.equals(style)).count();
    }

    /** Returns the number of references of {@code style}. */
    int count(String style) {
        return rows(style).length;
    }

    /** Mean cosine to the references of {@code style}: the product with the mean of their units. */
    double toStyle(double[] unit, String style) {
        double[] mean = means.get(style);
        if (mean == null) {
            throw new IllegalArgumentException("no references of " + style);
        }
        return Vectors.dot(unit, mean);
    }

    /** Mean over the other styles of the mean cosine to their references; NaN without others. */
    double toOthers(double[] unit, String style) {
        double sum = 0;
        int count = 0;
        for (Map.Entry<String, double[]> other : means.entrySet()) {
            if (!other.getKey().equals(style)) {
                sum += Vectors.dot(unit, other.getValue());
                count++;
            }
        }
        return sum / count;
    }

    /** The style that the nearest references vote for. */
    String predict(double[] unit) {
        return votes.predict(unit);
    }

    /** Counts the styles that are predicted for the held-out real pictures. */
    List<Confusion> confusion() {
        Map<String, Map<String, Long>> seen = new TreeMap<>();
        for (Real real : heldOut) {
            seen.computeIfAbsent(real.style, s -> new TreeMap<>())
                    .merge(predict(real.unit), 1L, Long::sum);
        }
        List<Confusion> list = new ArrayList<>();
        seen.forEach(
                (wanted, row) ->
                        row.forEach(
                                (found, count) ->
                                        list.add(
                                                new Confusion(
                                                        Confusion.REAL, wanted, found, count))));
        return list;
    }
}
