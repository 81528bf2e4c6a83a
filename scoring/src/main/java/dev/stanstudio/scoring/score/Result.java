package dev.stanstudio.scoring.score;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.Estimate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole scoring: {@code summary.json}.
 *
 * @param program name and version of the program
 * @param inputs what was scored
 * @param pictures pictures that are in the numbers
 * @param sizes how many pictures have which size, width×height
 * @param interval how the intervals were made
 * @param definitions what the metrics are
 * @param references the real pictures compared with, by style
 * @param numbers means with intervals
 * @param differences methods compared on pairs
 * @param confusion which styles the classifier saw
 * @param problemCounts how often each problem was met
 * @param problems the first of each
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Result(
        String program,
        List<String> inputs,
        long pictures,
        Map<String, Long> sizes,
        Interval interval,
        List<Definition> definitions,
        @Nullable References references,
        List<Mean> numbers,
        List<Difference> differences,
        List<Confusion> confusion,
        Map<String, Long> problemCounts,
        List<Problem> problems) {
    /** Keeps copies of the lists. */
    public Result {
        inputs = List.copyOf(inputs);
        sizes = Map.copyOf(sizes);
        definitions = List.copyOf(definitions);
        numbers = List.copyOf(numbers);
        differences = List.copyOf(differences);
        confusion = List.copyOf(confusion);
        problems = List.copyOf(problems);
    }

    /**
     * Describes the method of the intervals.
     *
     * @param confidence 0.95
     * @param method in words
     * @param unit what is drawn
     * @param replicates how often
     * @param seed of the draws
     */
    public record Interval(
            double confidence, String method, String unit, int replicates, long seed) {}

    /**
     * The real pictures.
     *
     * @param collection their folder
     * @param styles how many references and held-out pictures each style has
     * @param training folder of the pictures that memorisation was looked for in
     * @param trainingPictures how many of them
     * @param parts of the collection that the references are of; null in results of earlier
     *     versions
     * @param trained references that are among those training pictures; null in earlier results
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record References(
            String collection,
            Map<String, Real> styles,
            String training,
            long trainingPictures,
            @Nullable List<String> parts,
            @Nullable Long trained) {}

    /** Real pictures of a style. */
    public record Real(int references, int heldOut) {}

    /**
     * A mean.
     *
     * @param metric its definition's name
     * @param method the method
     * @param style the style; null for all
     * @param over pictures, or styles where every style counts the same
     * @param estimate value, n and interval
     * @param floor what real pictures of other styles reach
     * @param ceiling what held-out real pictures of the style reach
     * @param position place of the value between: 0 at the floor, 1 at the ceiling; over styles,
     *     the mean of the styles' places
     * @param place the same with its interval, floor and ceiling taken as they are
     * @param trainings those behind it; null where none is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Mean(
            String metric,
            String method,
            @Nullable String style,
            String over,
            @JsonUnwrapped Estimate estimate,
            @Nullable Estimate floor,
            @Nullable Estimate ceiling,
            @Nullable Double position,
            @Nullable Estimate place,
            @Nullable Trainings trainings) {
        /** Creates a mean of which no training is known, with the position alone. */
        public Mean(
                String metric,
                String method,
                @Nullable String style,
                String over,
                Estimate estimate,
                @Nullable Estimate floor,
                @Nullable Estimate ceiling,
                @Nullable Double position) {
            this(metric, method, style, over, estimate, floor, ceiling, position, null, null);
        }
    }

    /**
     * A method less another, over pictures of the same style, prompt and seed.
     *
     * @param metric its definition's name
     * @param method the one
     * @param than the other
     * @param style the style; null for all
     * @param estimate mean difference, number of pairs and interval
     * @param p of Wilcoxon's signed-rank test for one training, of the test over trainings for
     *     several; null for too few pairs
     * @param adjusted p by Holm across the styles; null over all styles
     * @param trainings those behind it; null where none is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Difference(
            String metric,
            String method,
            String than,
            @Nullable String style,
            @JsonUnwrapped Estimate estimate,
            @Nullable Double p,
            @Nullable Double adjusted,
            @Nullable Trainings trainings) {
        /** Creates a difference of which no training is known. */
        public Difference(
                String metric,
                String method,
                String than,
                @Nullable String style,
                Estimate estimate,
                @Nullable Double p,
                @Nullable Double adjusted) {
            this(metric, method, than, style, estimate, p, adjusted, null);
        }

        /** Returns the same pairs, the other method less this one; a two-sided p stays. */
        Difference turned() {
            Double low = estimate.low();
            Double high = estimate.high();
            return new Difference(
                    metric,
                    than,
                    method,
                    style,
                    new Estimate(
                            -estimate.value(),
                            estimate.n(),
                            high == null ? null : Double.valueOf(-high),
                            low == null ? null : Double.valueOf(-low)),
                    p,
                    adjusted,
                    trainings);
        }
    }

    /**
     * Counts the pictures of one intended style that the classifier assigned to another.
     *
     * @param method the method; "real" for held-out real pictures
     * @param wanted the style asked for
     * @param seen the style the nearest references vote for
     * @param count how often
     */
    public record Confusion(String method, String wanted, String seen, long count) {
        /** The method of held-out real pictures. */
        public static final String REAL = "held-out real pictures";
    }

    /** The number of a metric for a method and a style (null for all), over pictures. */
    public @Nullable Mean number(String metric, String method, @Nullable String style) {
        return numbers.stream()
                .filter(n -> n.metric().equals(metric) && n.method().equals(method))
                .filter(n -> Objects.equals(n.style(), style))
                .filter(n -> n.over().equals("pictures"))
                .findFirst()
                .orElse(null);
    }

    /**
     * Returns {@code method} less {@code than} over all styles, whichever way round it is kept;
     * null where the two share no pictures.
     */
    public @Nullable Difference difference(String metric, String method, String than) {
        for (Difference one : differences) {
            if (one.metric().equals(metric) && one.style() == null) {
                if (one.method().equals(method) && one.than().equals(than)) {
                    return one;
                }
                if (one.method().equals(than) && one.than().equals(method)) {
                    return one.turned();
                }
            }
        }
        return null;
    }

    /** The methods, in the order they were met. */
    public List<String> methods() {
        return numbers.stream().map(Mean::method).distinct().toList();
    }

    /** The styles that have numbers. */
    public List<String> styles() {
        return numbers.stream()
                .map(Mean::style)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .toList();
    }
}
