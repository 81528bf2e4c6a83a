package dev.stanstudio.adapter.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.bench.BenchSettings;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Measured costs of adapters as a table or as JSON.
 *
 * @param rows by variant
 * @param training whether steps of training were timed
 * @param settings of the measurement
 */
record EfficiencyReport(List<Efficiency.Row> rows, boolean training, BenchSettings settings) {
    /** Keeps a copy of the rows. */
    EfficiencyReport {
        rows = List.copyOf(rows);
    }

    private boolean cuda() {
        return settings.placement().device().isCuda();
    }

    /**
     * Returns everything as JSON.
     *
     * @param model name of the model or shape
     * @param steps of a picture
     * @param trainingSteps of a training
     */
    String json(
            MmditConfig config,
            String model,
            boolean checkpointing,
            int steps,
            long trainingSteps) {
        ObjectNode node = Json.SNAKE_CASE.createObjectNode();
        node.put("step", training ? "training" : "denoising");
        node.put("checkpointing", checkpointing);
        node.put("model_shape", model);
        node.put("layers", config.numLayers());
        node.put("width", config.width());
        node.put("size", settings.side());
        node.put("text_tokens", settings.textTokens());
        node.put("rounds", settings.steps());
        node.put("steps", steps);
        node.put("training_steps", trainingSteps);
        node.put("hours_of", cuda() ? "card" : "processors");
        node.put("peak_of", cuda() ? "card" : "process");
        node.put("device", settings.placement().device().toString());
        node.put("dtype", settings.placement().dtype().label());
        node.put("threads", Torch.threads());
        node.set("variants", Json.SNAKE_CASE.valueToTree(rows));
        node.put("program", ProgramVersion.current());
        node.put("libtorch", Torch.version());
        return node.toPrettyString();
    }

    /** Prints the table. */
    void print(PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%-10s %13s %12s %10s %22s %7s %9s %9s %9s %11s%n",
                "",
                "parameters",
                "per module",
                "step ms",
                training ? "against lora" : "against none",
                "by CPU",
                "images/s",
                "tokens/s",
                "peak MB",
                training ? (cuda() ? "GPU-hours" : "CPU-hours") : "picture ms");
        for (Efficiency.Row row : rows) {
            out.printf(
                    Locale.ROOT,
                    "%-10s %,13d %,12d %10.1f %8.3f (%5.3f–%5.3f) %7.3f %9.4f %9.0f %9s %11s%n",
                    row.variant(),
                    row.parameters(),
                    row.parametersPerModule(),
                    row.stepMs(),
                    row.ratio(),
                    row.ratioMin(),
                    row.ratioMax(),
                    row.cpuRatio(),
                    row.imagesPerSecond(),
                    row.tokensPerSecond(),
                    row.peakMb() < 0 ? "unknown" : Long.toString(row.peakMb()),
                    training ? number("%.3f", row.hours()) : number("%.0f", row.latencyMs()));
        }
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, format, value);
    }
}
