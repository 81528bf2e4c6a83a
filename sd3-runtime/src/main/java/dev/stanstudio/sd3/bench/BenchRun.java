package dev.stanstudio.sd3.bench;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The benches that {@code studio bench} offers. */
public final class BenchRun {
    private static final double NANOS = 1e6;

    private BenchRun() {}

    /**
     * Writes a diffusers folder of random weights: transformer, VAE, CLIP-L, CLIP-G, on request T5.
     *
     * @param tokenizers a diffusers folder whose tokenizers are copied
     * @throws UserException if the folder holds files, or a tokenizer is missing
     */
    public static void writeModel(
            Path folder, MmditConfig config, DType dtype, Path tokenizers, boolean withT5) {
        RandomModel.write(folder, config, dtype, tokenizers, withT5);
    }

    /**
     * Times denoising steps of a shape with random weights.
     *
     * @param pace if given, a line is read from it before each step and the step's times are
     *     written as a line; the steps end with the input
     */
    public static String shape(
            String name,
            MmditConfig config,
            BenchSettings settings,
            @Nullable BufferedReader pace,
            PrintWriter out) {
        try (RandomNumbers numbers = new RandomNumbers()) {
            DType dtype = settings.placement().dtype();
            RandomWeights weights = new RandomWeights(numbers, MmditKeys.shapes(config), dtype);
            long start = System.nanoTime();
            try (Mmdit mmdit = Mmdit.load(config, weights, settings.placement(), false)) {
                return time(name, mmdit, numbers, settings, start, pace, out);
            }
        }
    }

    /** As {@link #shape}, with the transformer of the model at {@code path}. */
    public static String model(
            Path path, BenchSettings settings, @Nullable BufferedReader pace, PrintWriter out) {
        try (RandomNumbers numbers = new RandomNumbers()) {
            long start = System.nanoTime();
            try (ModelSource source = ModelSource.open(path, null, null);
                    Mmdit mmdit =
                            Mmdit.load(
                                    source.transformerConfig(),
                                    source.transformer(),
                                    settings.placement(),
                                    false)) {
                return time(source.name(), mmdit, numbers, settings, start, pace, out);
            }
        }
    }

    private static String time(
            String name,
            Mmdit mmdit,
            RandomNumbers numbers,
            BenchSettings settings,
            long start,
            @Nullable BufferedReader pace,
            PrintWriter out) {
        double loadMillis = (System.nanoTime() - start) / NANOS;
        List<StepTimes> warmUp = new ArrayList<>();
        List<StepTimes> steps = new ArrayList<>();
        try (DenoisingBench bench = new DenoisingBench(mmdit, numbers, settings, null)) {
            for (int i = 0; i < settings.warmUp(); i++) {
                warmUp.add(bench.step());
            }
            if (pace == null) {
                for (int i = 0; i < settings.steps(); i++) {
                    steps.add(bench.step());
                }
            } else {
                paced(bench, steps, pace, out);
            }
            return BenchReport.write(
                    name,
                    mmdit.config(),
                    settings,
                    loadMillis,
                    bench.conditionMillis(),
                    warmUp,
                    steps);
        }
    }

    private static void paced(
            DenoisingBench bench, List<StepTimes> steps, BufferedReader pace, PrintWriter out) {
        try {
            out.println("ready");
            out.flush();
            while (pace.readLine() != null) {
                StepTimes times = bench.step();
                steps.add(times);
                out.println(BenchReport.line(times));
                out.flush();
            }
        } catch (IOException e) {
            throw new UserException("standard input cannot be read: " + e.getMessage(), e);
        }
        if (steps.isEmpty()) {
            throw new UserException("--paced ran no step: send a line for each on standard input");
        }
    }
}
