package dev.stanstudio.web.reproduce;

import dev.stanstudio.sd3.bench.ModelShape;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prints the commands of an experiment, with expected costs as comments of a shell. */
final class DryRun {
    private final PrintWriter out;
    private final @Nullable CostModel costs;

    /**
     * @param card to estimate for; null estimates for {@link Card#H200}, on published models alone
     */
    DryRun(Plan plan, @Nullable Card card, PrintWriter out) {
        this.out = out;
        String model = plan.experiment().model();
        Optional<ModelShape> shape =
                Arrays.stream(ModelShape.values())
                        .filter(known -> model != null && model.contains(known.label()))
                        .findFirst();
        this.costs =
                shape.isEmpty() && card == null
                        ? null
                        : new CostModel(
                                plan,
                                shape.orElse(ModelShape.SD3_MEDIUM),
                                card == null ? Card.H200 : card);
    }

    void print(List<Step> steps) {
        CostModel model = costs;
        if (model == null) {
            steps.forEach(step -> out.println(step.line()));
            return;
        }
        double seconds = 0;
        for (Step step : steps) {
            Optional<CostModel.Cost> cost = model.of(step);
            seconds += cost.map(CostModel.Cost::seconds).orElse(0.0);
            out.println(step.line());
            out.println("# " + cost.map(own -> words(own, model.card())).orElse(otherwise(step)));
        }
        out.println(
                ("# In all about %s on one %s, for the shape of %s at an assumed %.0f %% of the"
                                + " card's peak: an estimate from the transformer's operations,"
                                + " without encoding the collection; not measured.")
                        .formatted(
                                time(seconds),
                                model.card().label(),
                                model.shape().label(),
                                100 * Card.REACHED));
    }

    private static String words(CostModel.Cost cost, Card card) {
        return String.format(
                Locale.ROOT,
                "estimate: %s, %.0f GB on one %s%s",
                time(cost.seconds()),
                Math.ceil(cost.bytes() / 1e9),
                card.label(),
                card.holds(cost.bytes()) ? "" : ", which has less; see docs/gpu-and-memory.md");
    }

    private static String otherwise(Step step) {
        return step.arguments().get(0).equals("dataset")
                ? "no estimate: reading pictures depends on processor and disk, not on the card"
                : "estimate: minutes, little memory of the card";
    }

    private static String time(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        if (time.toHours() > 0) {
            return "%d h %02d min".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%d min".formatted(time.toMinutes())
                : "%d s".formatted(time.toSeconds());
    }
}
