package dev.stanstudio.sd3.bench;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Times a denoising step of a model with and without the check for numbers that are not finite, in
 * turn. Arguments: the model's folder and the number of pairs.
 */
public final class FiniteCheckBench {
    private static final int SIDE = 128;
    private static final int TEXT_TOKENS = 154;
    private static final int WARM_UP = 5;

    private FiniteCheckBench() {}

    /** Prints the medians of both, and of the ratios of the pairs. */
    public static void main(String[] args) {
        int pairs = Integer.parseInt(args[1]);
        Placement placement = new Placement(Device.CPU, DType.FP32);
        BenchSettings settings = new BenchSettings(placement, SIDE, TEXT_TOKENS, 1, pairs, WARM_UP);
        try (ModelSource source = ModelSource.open(Path.of(args[0]), null, null);
                RandomNumbers numbers = new RandomNumbers();
                Mmdit mmdit =
                        Mmdit.load(
                                source.transformerConfig(),
                                source.transformer(),
                                placement,
                                false);
                DenoisingBench bench = new DenoisingBench(mmdit, numbers, settings, null);
                Scope scope = Scope.open("latents")) {
            MmditConfig config = mmdit.config();
            int side = settings.latentSide(config);
            Tensor latents =
                    Tensors.zeros(
                            scope,
                            new long[] {1, config.inChannels(), side, side},
                            DType.FP32,
                            Device.CPU);
            Map<String, Supplier<Rounds.Step>> steps = new LinkedHashMap<>();
            steps.put("without", () -> Rounds.time(bench::step));
            steps.put(
                    "with",
                    () ->
                            Rounds.time(
                                    () -> {
                                        bench.step();
                                        Tensors.allFinite(latents);
                                    }));
            Map<String, Rounds.Times> times = Rounds.run(WARM_UP, pairs, steps);
            print("step_ms", times.get("without").stepMillis(), times.get("with").stepMillis());
            print("cpu_ms", times.get("without").cpuMillis(), times.get("with").cpuMillis());
            printCheck(latents);
        }
    }

    private static void print(String what, List<Double> without, List<Double> with) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < without.size(); i++) {
            ratios.add(with.get(i) / without.get(i));
        }
        System.out.printf(
                "%s without %.3f with %.3f, median ratio of %d pairs %.4f%n",
                what, median(without), median(with), ratios.size(), median(ratios));
    }

    private static void printCheck(Tensor latents) {
        List<Double> alone = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            alone.add(Rounds.time(() -> Tensors.allFinite(latents)).millis());
        }
        System.out.printf("check alone %.4f ms%n", median(alone));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
