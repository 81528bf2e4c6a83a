package dev.stanstudio.scoring.metric;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measures the similarity of generated pictures to the reference pictures of their style or
 * subject, −1 … 1, larger is closer. With CLIP's features the mean over all pairs is {@code
 * clip_i_style} (CLIP-I), with DINO's it is {@code dino_style}, as DreamBooth defines them (Ruiz et
 * al. 2023, section 4.1). The three readings are not interchangeable: the centroid's is the mean
 * over all pairs divided by the length of the references' mean, and so never closer to 0.
 *
 * @param perPicture mean cosine to all references, for each generated picture
 * @param toCentroid mean cosine to the normalised mean of the normalised references
 * @param nearest mean cosine to the closest reference; high when pictures are memorised
 */
public record ReferenceSimilarity(List<Double> perPicture, double toCentroid, double nearest) {
    /** Keeps a copy of the list. */
    public ReferenceSimilarity {
        perPicture = List.copyOf(perPicture);
    }

    /**
     * Compares the features of n generated with m reference pictures.
     *
     * @throws IllegalArgumentException if either set is empty
     */
    public static ReferenceSimilarity of(float[][] generated, float[][] references) {
        if (generated.length == 0 || references.length == 0) {
            throw new IllegalArgumentException(
                    "%s generated and %s reference pictures cannot be compared"
                            .formatted(generated.length, references.length));
        }
        double[][] units = Vectors.directions(references);
        double[][] pictures = Vectors.directions(generated);
        double[][] centroid = Vectors.directions(new double[][] {Vectors.sum(units)});
        double[][] cosines = Cosines.matrix(pictures, units);
        return new ReferenceSimilarity(
                Arrays.stream(cosines)
                        .map(row -> Arrays.stream(row).average().orElseThrow())
                        .toList(),
                mean(Cosines.matrix(pictures, centroid), row -> row[0]),
                mean(cosines, row -> Arrays.stream(row).max().orElseThrow()));
    }

    private static double mean(double[][] rows, ToDoubleFunction<double[]> of) {
        return Arrays.stream(rows).mapToDouble(of).average().orElseThrow();
    }

    /** The mean over all pairs of a generated and a reference picture. */
    public double allPairs() {
        return perPicture.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
