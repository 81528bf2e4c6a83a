package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.sd3.bench.ModelShape;
import dev.stanstudio.web.grid.GridCount;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Estimates what a step costs on a card, from the operations of the transformer alone: a block does
 * 24 d² operations for each of n tokens and 4 n² d for attention. A picture of a grid takes two
 * passes for each sampling step (guidance); an update of a frozen transformer takes one pass
 * forward and as much backward, with checkpointing one more. Memory is weights in bf16 (18 d² for a
 * block and stream, text encoders, autoencoder) and activations of about 34 bytes for a token, a
 * channel and a block. Nothing of it is measured.
 */
record CostModel(Plan plan, ModelShape shape, Card card) {
    /** Channels of a head. */
    private static final int HEAD = 64;

    /** Pixels to a token's side: 8 of the autoencoder, 2 of a patch. */
    private static final int PATCH = 16;

    /** CLIP's 77 and 256 of T5. */
    private static final int TEXT_TOKENS = 333;

    private static final double BYTES = 2;

    /** CLIP-L, CLIP-G and T5-XXL, and the autoencoder, in parameters. */
    private static final double ENCODERS = 0.12e9 + 0.69e9 + 4.76e9;

    private static final double VAE = 0.084e9;
    private static final double ACTIVATION = 34;

    /** Bytes for a pixel while the autoencoder decodes. */
    private static final double DECODING = 2500;

    private static final int SIDE = 1024;
    private static final int SAMPLING_STEPS = 28;
    private static final int NOISE_LEVELS = 4;

    /**
     * Holds what a step is expected to take.
     *
     * @param bytes peak of the card's memory
     */
    record Cost(double seconds, double bytes) {}

    private double width() {
        return (double) HEAD * shape.depth();
    }

    private static double tokens(int side) {
        double across = (double) side / PATCH;
        return across * across + TEXT_TOKENS;
    }

    /** Returns the operations of one pass of the transformer over a picture. */
    double pass(int side) {
        double n = tokens(side);
        double d = width();
        return shape.depth() * (24 * d * d * n + 4 * n * n * d);
    }

    private double weights() {
        return BYTES * shape.depth() * 2 * 18 * width() * width();
    }

    /** Returns the cost of a step; empty where it does not depend on the card. */
    Optional<Cost> of(Step step) {
        return switch (step.arguments().get(0)) {
            case "train" -> Optional.of(training(step.arguments()));
            case "grid" -> Optional.of(grid(step));
            case "adapter" -> analysis(step.arguments());
            default -> Optional.empty();
        };
    }

    private Cost training(List<String> arguments) {
        int side = number(arguments, "--resolution", SIDE);
        int batch = number(arguments, "--batch", 1);
        boolean again = arguments.contains("--checkpointing");
        double passes = (double) number(arguments, "--steps", 3000) * batch * (again ? 3 : 2);
        double block = ACTIVATION * tokens(side) * width() * batch;
        double kept =
                again
                        ? block + BYTES * tokens(side) * width() * batch * shape.depth()
                        : block * shape.depth();
        double encoding = BYTES * (ENCODERS + VAE);
        return new Cost(card.seconds(passes * pass(side)), Math.max(encoding, weights() + kept));
    }

    private Cost grid(Step step) {
        JsonNode grid = Objects.requireNonNull(plan.experiment().grid());
        int side = grid.path("width").asInt(SIDE);
        boolean first = step.name().equals("grid-" + plan.experiment().seeds().get(0));
        long methods =
                plan.experiment().methods().stream()
                        .filter(method -> method.isDrawn() && (first || method.isAdapted()))
                        .count();
        double pictures =
                (double) GridCount.pairs(grid)
                        * methods
                        * grid.path("pictures").asInt(Pictures.DEFAULT_COUNT);
        double passes = 2.0 * pictures * grid.path("steps").asInt(SAMPLING_STEPS);
        return new Cost(card.seconds(passes * pass(side)), drawing(side));
    }

    private double drawing(int side) {
        double block = ACTIVATION * tokens(side) * width() * 2;
        return weights() + BYTES * (ENCODERS + VAE) + Math.max(block, DECODING * side * side);
    }

    private Optional<Cost> analysis(List<String> arguments) {
        int styles = arguments.indexOf("--styles");
        if (styles < 0) {
            return Optional.empty();
        }
        int side = number(arguments, "--resolution", SIDE);
        double pictures =
                (double) arguments.get(styles + 1).split(",").length
                        * number(arguments, "--per-style", 50);
        return Optional.of(
                new Cost(
                        card.seconds(pictures * NOISE_LEVELS * pass(side)),
                        weights()
                                + ACTIVATION * tokens(side) * width()
                                + BYTES * (ENCODERS + VAE)));
    }

    private static int number(List<String> arguments, String option, int otherwise) {
        int at = arguments.indexOf(option);
        return at < 0 ? otherwise : Integer.parseInt(arguments.get(at + 1));
    }
}
