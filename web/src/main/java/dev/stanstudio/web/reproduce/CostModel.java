package dev.stanstudio.web.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.bench.ModelShape;
import dev.stanstudio.sd3.model.DrawingPlan;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.MemoryNeed;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.TrainingPlan;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.web.grid.GridCount;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Estimates what a step costs on a card, from the operations of the transformer alone: a block does
 * 24 d² operations for each of n tokens and 4 n² d for attention. A picture of a grid takes two
 * passes for each sampling step (guidance); an update of a frozen transformer takes one pass
 * forward and as much backward, with checkpointing one more. Memory in bf16 is that of {@link
 * MemoryNeed}, with an adapter of the joint attention. Nothing of it is measured on a card.
 */
record CostModel(Plan plan, ModelShape shape, Card card) {
    /** Channels of a head. */
    private static final int HEAD = 64;

    /** Pixels to a token's side: 8 of the autoencoder, 2 of a patch. */
    private static final int PATCH = 16;

    /** CLIP's 77 and 256 of T5. */
    private static final int TEXT_TOKENS = 333;

    private static final int RANK = 32;
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

    private static LoadOptions load() {
        return new LoadOptions(Device.CPU, DType.BF16, Offload.NONE, true);
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
        MemoryNeed memory = shape.memory();
        TrainingPlan trained =
                new TrainingPlan(
                        load(), side, batch, 1, again, parameters(arguments), towers(arguments));
        return new Cost(card.seconds(passes * pass(side)), memory.training(trained));
    }

    /** The text encoders that a training names, or both CLIPs where it names none. */
    private static Set<TextTower> towers(List<String> arguments) {
        int at = arguments.indexOf("--text-encoders");
        if (at < 0) {
            return Set.of();
        }
        boolean named = at + 1 < arguments.size() && !arguments.get(at + 1).startsWith("--");
        return TextTower.named(named ? arguments.get(at + 1) : TextTower.CLIPS);
    }

    /** Two matrices of the model's width for each of the attention's 8 projections but two. */
    private long parameters(List<String> arguments) {
        int size = number(arguments, "--features", number(arguments, "--rank", RANK));
        return (8L * shape.depth() - 2) * 2 * Math.round(width()) * size;
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
        return shape.memory().drawing(new DrawingPlan(load(), side, side, false));
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
                new Cost(card.seconds(pictures * NOISE_LEVELS * pass(side)), drawing(side)));
    }

    private static int number(List<String> arguments, String option, int otherwise) {
        int at = arguments.indexOf(option);
        return at < 0 ? otherwise : Integer.parseInt(arguments.get(at + 1));
    }
}
