package dev.stanstudio.sd3.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.engine.PeakMemory;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The result of a bench as one JSON object; times are milliseconds, medians over the steps. */
final class BenchReport {
    private BenchReport() {}

    static String write(
            String model,
            MmditConfig config,
            BenchSettings settings,
            double loadMillis,
            double conditionMillis,
            List<StepTimes> warmUp,
            List<StepTimes> steps) {
        ObjectNode json = Json.PLAIN.createObjectNode();
        json.put("model", model);
        json.put("layers", config.numLayers());
        json.put("width", config.width());
        json.put("size", settings.side());
        json.put("image_tokens", settings.imageTokens(config));
        json.put("text_tokens", settings.textTokens());
        json.put("last_repeats", settings.lastRepeats());
        json.put("batch", 2);
        json.put("device", settings.placement().device().toString());
        json.put("dtype", settings.placement().dtype().label());
        json.put("threads", Torch.threads());
        json.put("load_ms", loadMillis);
        json.put("condition_ms", conditionMillis);
        if (!warmUp.isEmpty()) {
            json.put("first_step_ms", warmUp.get(0).step());
        }
        json.put("embed_ms", median(steps, StepTimes::embed));
        json.put("block_ms", median(steps, StepTimes::blocks) / config.numLayers());
        json.put("head_ms", median(steps, StepTimes::head));
        json.put("guidance_ms", median(steps, StepTimes::guidance));
        json.put("step_ms", median(steps, StepTimes::step));
        json.set("steps", Json.PLAIN.valueToTree(steps));
        PeakMemory.megabytes().ifPresent(peak -> json.put("peak_rss_mb", peak));
        json.put("program", ProgramVersion.current());
        json.put("libtorch", Torch.version());
        json.put("java", System.getProperty("java.version"));
        return json.toPrettyString();
    }

    static String line(StepTimes times) {
        return Json.PLAIN.valueToTree(times).toString();
    }

    private static double median(List<StepTimes> steps, ToDoubleFunction<StepTimes> part) {
        double[] sorted = steps.stream().mapToDouble(part).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
