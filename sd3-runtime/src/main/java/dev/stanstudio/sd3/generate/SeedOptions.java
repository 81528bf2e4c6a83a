package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how many pictures a request makes, and from which seeds. */
final class SeedOptions {
    @Option(names = "--count", paramLabel = "N", description = "How many pictures (default: 1).")
    @Nullable Integer count;

    @Option(
            names = "--seed",
            paramLabel = "N[,N…]",
            description = "One seed (picture i takes seed + i), or one per picture.")
    @Nullable String seed;

    /**
     * Returns a seed for each picture.
     *
     * @param base the seeds where no option is given, or null for a random one
     * @throws ArgumentException if the options are no seeds or contradict each other
     */
    List<Long> over(@Nullable List<Long> base) {
        if (count != null && count < 1) {
            throw new ArgumentException("--count must be at least 1, not " + count);
        }
        if (count != null && count > GenerationRequest.MOST_PICTURES) {
            throw new ArgumentException(
                    "--count must be at most %d, not %d"
                            .formatted(GenerationRequest.MOST_PICTURES, count));
        }
        if (seed == null && base != null && count == null) {
            return base;
        }
        if (seed == null) {
            return counted(Seed.random(), Objects.requireNonNullElse(count, 1));
        }
        List<Long> given = seedsGiven(seed);
        if (given.size() == 1) {
            return counted(given.get(0), Objects.requireNonNullElse(count, 1));
        }
        if (count != null && count != given.size()) {
            throw new ArgumentException(
                    "--seed names %d pictures, --count %d".formatted(given.size(), count));
        }
        return given;
    }

    private static List<Long> seedsGiven(String text) {
        try {
            return Arrays.stream(text.split(",", -1)).map(Seed::parse).toList();
        } catch (ArgumentException e) {
            throw new ArgumentException("--seed %s: %s".formatted(text, e.getMessage()), e);
        }
    }

    private static List<Long> counted(long first, int count) {
        if (first > Long.MAX_VALUE - count + 1) {
            throw new ArgumentException(
                    "--seed %d with --count %d goes beyond %d"
                            .formatted(first, count, Long.MAX_VALUE));
        }
        return LongStream.iterate(first, seed -> seed + 1).limit(count).boxed().toList();
    }
}
