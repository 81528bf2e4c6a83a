package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say which pictures a network sees while features are read, and how. */
final class PictureOptions {
    private static final int STEP = 16;
    private static final List<Double> LEVELS = List.of(0.125, 0.375, 0.625, 0.875);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A style collection, for its pictures or for its captions as prompts.")
    private @Nullable Path data;

    @Option(
            names = "--read",
            paramLabel = "NAME",
            description =
                    "generation (record every step while pictures are generated from prompts, as"
                            + " in figure 3 of the paper) or noised-pictures (pictures of --data"
                            + " with noise added) (default: noised-pictures, with --prompts"
                            + " generation).")
    private @Nullable String read;

    @Option(
            names = "--prompts",
            paramLabel = "FILE",
            description =
                    "Prompts to generate from, one on a line with {style} in it (default: the"
                            + " captions of --data).")
    private @Nullable Path prompts;

    @Option(
            names = "--styles",
            split = ",",
            paramLabel = "A,B",
            description = "Styles (default: all of the collection).")
    private @Nullable List<String> styles;

    @Option(
            names = "--per-style",
            defaultValue = "50",
            paramLabel = "N",
            description = "Pictures of each style (${DEFAULT-VALUE}).")
    private int perStyle;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            description = "Only pictures of this part: train, validation or test.")
    private @Nullable String split;

    @Option(
            names = "--sigmas",
            split = ",",
            paramLabel = "A,B",
            description =
                    "Noise levels 0 … 1 that pictures are shown at (0.125,0.375,0.625,0.875).")
    private @Nullable List<Double> sigmas;

    @Option(
            names = "--resolution",
            paramLabel = "PX",
            description = "Side of the squares, divisible by 16 (default: the model's).")
    private @Nullable Integer resolution;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Denoising steps of a generation (default: the model's).")
    private @Nullable Integer steps;

    @Option(
            names = "--guidance",
            paramLabel = "X",
            description = "Scale of guidance of a generation (default: the model's).")
    private @Nullable Double guidance;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the first picture of each style, the next has one more (0).")
    private @Nullable Long seed;

    /**
     * Returns the pictures.
     *
     * @param out the analysis's folder, where generated pictures go
     * @throws ArgumentException if the options do not go together
     */
    PictureSource source(Path out) {
        if (resolution != null && (resolution < STEP || resolution % STEP != 0)) {
            throw new ArgumentException("--resolution must be divisible by 16, not " + resolution);
        }
        return switch (way()) {
            case NOISED_PICTURES -> noised();
            case GENERATION -> generated(out.resolve("pictures"));
        };
    }

    private ReadWay way() {
        if (read == null) {
            return prompts == null ? ReadWay.NOISED_PICTURES : ReadWay.GENERATION;
        }
        return ReadWay.of(read);
    }

    private CollectionPictures noised() {
        refuse("--prompts", prompts, ReadWay.GENERATION);
        refuse("--steps", steps, ReadWay.GENERATION);
        refuse("--guidance", guidance, ReadWay.GENERATION);
        refuse("--seed", seed, ReadWay.GENERATION);
        return new CollectionPictures(
                choice(perStyle), sigmas == null ? LEVELS : sigmas, resolution);
    }

    private PromptPictures generated(Path folder) {
        refuse("--sigmas", sigmas, ReadWay.NOISED_PICTURES);
        PromptChoice wanted = new PromptChoice(perStyle, seed == null ? 0 : seed, folder);
        return new PromptPictures(
                prompts == null ? wanted.captions(choice(perStyle)) : wanted.lines(prompts, styles),
                resolution,
                steps,
                guidance);
    }

    private static void refuse(String option, @Nullable Object value, ReadWay needed) {
        if (value != null) {
            throw new ArgumentException(
                    "%s goes with --read %s only".formatted(option, needed.label()));
        }
    }

    private PictureChoice choice(int each) {
        if (data == null) {
            throw new ArgumentException("name a style collection with --data");
        }
        return PictureChoice.of(StyleCollection.open(data), styles, each, split);
    }
}
