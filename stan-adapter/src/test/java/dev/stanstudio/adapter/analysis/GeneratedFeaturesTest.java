package dev.stanstudio.adapter.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.project.CapturedInputs;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Closing;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features recorded in every step while pictures are generated from prompts. */
class GeneratedFeaturesTest {
    private static final int FEATURES = 32;
    private static final int KEPT = 6;
    private static final int STEPS = 3;
    private static final int SIDE = 48;
    private static final double GUIDANCE = 4;
    private static final String PROMPT = "two gulls, in the style of red";

    @TempDir private Path folder;

    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private static Sd3Model model() {
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        return Sd3Model.load(source, new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true));
    }

    private Path stan() {
        Path made = folder.resolve("stan");
        if (Files.exists(made)) {
            return made;
        }
        Path base = Goldens.own("tiny-3.0");
        try (ModelSource source = ModelSource.open(base, null, null)) {
            return Samples.adapter(
                    made,
                    Stan.of(FEATURES, KEPT),
                    new Samples.Base(
                            source.transformerConfig(), base.toString(), source.fingerprint()),
                    7);
        }
    }

    private PictureChoice onePrompt() {
        return new PictureChoice(
                List.of("blue", "red"),
                List.of(new ReadPicture(folder.resolve("0.png"), PROMPT, 1, 11)));
    }

    private static GenerationRequest request(Sd3Model model, double guidance) {
        return GenerationRequest.builder(model.defaults())
                .size(SIDE, SIDE)
                .prompt(PromptTexts.of(PROMPT))
                .seeds(List.of(11L))
                .sampling(
                        SamplingOptions.of(model.defaults())
                                .withSteps(STEPS)
                                .withGuidance(guidance))
                .build();
    }

    /** Sums of activations and counts of active tokens by layer, as the reader records them. */
    private Map<String, List<float[]>> recorded(AdapterFile file, double guidance) {
        Map<String, List<float[]>> all = new LinkedHashMap<>();
        Sd3Model model = model();
        LoadedAdapters.Weighted weighted =
                new LoadedAdapters.Weighted(file, 1, List.copyOf(file.modules().keySet()));
        try (FeatureReader reader =
                        new FeatureReader(
                                model.transformer(), weighted, weighted.modules(), false);
                ShownPictures shown =
                        new PromptPictures(onePrompt(), SIDE, STEPS, guidance)
                                .open(model, weighted, reader)) {
            shown.show(0, reader::totals, (layer, tokens, passes) -> all.put(layer, passes));
        }
        return all;
    }

    /** The inputs of every layer under the prompt, step by step, from a generation of its own. */
    private static Map<String, List<Tensor>> inputs(
            Scope scope, AdapterFile file, double guidance) {
        Map<String, List<Tensor>> all = new LinkedHashMap<>();
        Sd3Model model = model();
        CapturedInputs inputs =
                new CapturedInputs(scope, file, model.transformer().config().numLayers());
        AdapterLoader loader = new CapturingLoader(scope, inputs, all);
        try (Sd3Pipeline pipeline = new Sd3Pipeline(model, loader)) {
            GenerationRequest request =
                    request(model, guidance)
                            .withAdapters(List.of(new WeightedAdapter("stan", null, 1)));
            pipeline.generate(request, GenerationListener.SILENT);
        }
        return all;
    }

    private record CapturingLoader(
            Scope scope, CapturedInputs inputs, Map<String, List<Tensor>> all)
            implements AdapterLoader {
        @Override
        public Loaded load(
                Sd3Model model,
                List<WeightedAdapter> uses,
                List<FeatureChange> features,
                Consumer<String> warnings) {
            return new Loaded() {
                @Override
                public Adapters adapters(int step) {
                    return inputs.adapters();
                }

                @Override
                public void afterBlock(int index) {
                    for (String module : inputs.modules()) {
                        if (MmditSlot.of(module).orElseThrow().block() == index) {
                            TensorList taken = inputs.take(scope, module);
                            assertEquals(1, taken.size(), "one pass at a time");
                            all.computeIfAbsent(module, m -> new ArrayList<>())
                                    .add(Tensors.get(scope, taken, 0));
                        }
                    }
                }

                @Override
                public List<WeightedAdapter> uses() {
                    return uses;
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }

    /**
     * [3, l] of one pass as analysis.ts.py has it, by loops over tokens and features.
     *
     * @param x row {@code row} of [B, T, n]
     */
    private static double[][] slow(Tensor x, long row, float[] e) {
        int tokens = (int) x.size(1);
        int n = (int) x.size(2);
        float[] values = x.toFloats();
        double[][] sums = new double[3][FEATURES];
        for (int t = 0; t < tokens; t++) {
            double[] a = new double[FEATURES];
            for (int i = 0; i < FEATURES; i++) {
                for (int j = 0; j < n; j++) {
                    a[i] += (double) values[((int) row * tokens + t) * n + j] * e[i * n + j];
                }
            }
            double least = Arrays.stream(a).sorted().toArray()[FEATURES - KEPT];
            for (int i = 0; i < FEATURES; i++) {
                if (a[i] >= least) {
                    sums[0][i] += Math.max(0, a[i]);
                    sums[1][i] += a[i] > 0 ? 1 : 0;
                    sums[2][i]++;
                }
            }
        }
        return sums;
    }

    private void compare(double guidance, long rows) {
        double worst = 0;
        try (AdapterFile file = AdapterFile.open(stan());
                Scope scope = Scope.open("test")) {
            Map<String, List<float[]>> recorded = recorded(file, guidance);
            Map<String, List<Tensor>> inputs = inputs(scope, file, guidance);
            assertEquals(file.modules().keySet(), recorded.keySet());
            for (Map.Entry<String, List<float[]>> layer : recorded.entrySet()) {
                assertEquals(STEPS, layer.getValue().size(), layer.getKey());
                float[] e =
                        file.open(scope, layer.getKey(), file.part(layer.getKey()).encoder())
                                .toFloats();
                for (int step = 0; step < STEPS; step++) {
                    Tensor x = Objects.requireNonNull(inputs.get(layer.getKey())).get(step);
                    assertEquals(rows, x.size(0));
                    double[][] wanted = slow(x, rows - 1, e);
                    float[] got = layer.getValue().get(step);
                    for (int i = 0; i < FEATURES; i++) {
                        String where = layer.getKey() + " step " + step + " feature " + i;
                        assertEquals(wanted[1][i], got[FEATURES + i], where);
                        assertEquals(wanted[2][i], got[2 * FEATURES + i], where);
                        double error =
                                Math.abs(wanted[0][i] - got[i]) / (1 + Math.abs(wanted[0][i]));
                        worst = Math.max(worst, error);
                    }
                }
            }
        }
        System.out.println("largest relative difference of a sum of activations: " + worst);
        assertTrue(worst < 1e-5, () -> "sums of activations");
    }

    @Test
    void everyStepIsCountedAsAPlainComputationFromTheInputsCounts() {
        compare(GUIDANCE, 2);
    }

    @Test
    void withoutGuidanceTheOnlyRowCounts() {
        compare(1, 1);
    }

    private int analyze(Path out, String... more) throws IOException {
        Path prompts = folder.resolve("prompts.txt");
        Files.writeString(
                prompts, "# contents\ntwo gulls, in the style of {style}\n\na {style} boat\n");
        List<String> args = new ArrayList<>(List.of("adapter", "analyze", stan().toString()));
        args.addAll(List.of("--prompts", prompts.toString()));
        if (!List.of(more).contains("--styles")) {
            args.addAll(List.of("--styles", "red,Ukiyo_e"));
        }
        args.addAll(List.of("--per-style", "3", "--layers", "0.attn.to_q,0.attn.add_q_proj"));
        args.addAll(List.of("--resolution", "48", "--steps", "2", "--guidance", "3"));
        args.addAll(List.of("--out", out.toString(), "--device", "cpu", "--seed", "5"));
        args.addAll(Arrays.asList(more));
        return CommandTree.installed()
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(new StringWriter()))
                .setExecutionExceptionHandler(
                        (e, line, parsed) -> {
                            failure.set(e);
                            return 1;
                        })
                .execute(args.toArray(String[]::new));
    }

    @Test
    void theCommandGeneratesEveryStyleFromTheSameNoises() throws IOException {
        Path out = folder.resolve("out");
        assertEquals(0, analyze(out, "--maps"), () -> "" + failure.get());
        AnalysisFolder read = AnalysisFolder.read(out);
        FeatureAnalysis analysis = read.analysis();
        assertEquals("generation", analysis.read());
        assertEquals(List.of("red", "ukiyo e"), analysis.styles());
        assertEquals(List.of(3, 3), analysis.pictures());
        assertEquals(2, analysis.sigmas().size());
        assertEquals(2, analysis.layers().size());
        assertTrue(read.hasMaps());
        assertTrue(Files.exists(out.resolve("figure-3.svg")));
        assertTrue(Files.exists(out.resolve("features.png")));
        assertTrue(Files.notExists(out.resolve("recorded.part")), "nothing to go on with");
        // Samples are tokens of every step: 9 of the picture, 48 / 16 a side.
        LayerStatistics image =
                analysis.layers().stream()
                        .filter(layer -> layer.stream().equals("image"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(6 * 2 * 9, image.samples());
        List<String> prompts = new ArrayList<>();
        for (Path picture : read.pictures()) {
            GenerationRequest made = Provenance.read(picture).orElseThrow().request();
            prompts.add(made.prompt().text() + " " + made.seeds());
        }
        assertEquals(
                List.of(
                        "two gulls, in the style of red [5]",
                        "a red boat [6]",
                        "two gulls, in the style of red [7]",
                        "two gulls, in the style of ukiyo-e [5]",
                        "a ukiyo-e boat [6]",
                        "two gulls, in the style of ukiyo-e [7]"),
                prompts);
        assertSameAsGenerated(read.pictures().get(1));
    }

    /** Recording leaves pictures as {@code generate --from} makes them. */
    private static void assertSameAsGenerated(Path picture) {
        GenerationRequest request = Provenance.read(picture).orElseThrow().request();
        try (Sd3Pipeline pipeline = new Sd3Pipeline(model())) {
            assertArrayEquals(
                    pipeline.generate(request, GenerationListener.SILENT)
                            .get(0)
                            .picture()
                            .samples(),
                    Picture.read(picture, Reading.SEEN).samples());
        }
    }

    @Test
    void aStoppedAnalysisGoesOnAndCountsTheSame() throws IOException {
        Path whole = folder.resolve("whole");
        assertEquals(0, analyze(whole), () -> "" + failure.get());
        Path stopped = folder.resolve("stopped");
        try (AdapterFile file = AdapterFile.open(stan())) {
            Sd3Model model = model();
            try {
                interrupted(file, model, stopped);
            } finally {
                Closing.all(model);
            }
        }
        assertTrue(Files.exists(stopped.resolve("recorded.part")));
        Path first = stopped.resolve("pictures/00-red-0000.png");
        Object before = Files.getLastModifiedTime(first);
        assertEquals(0, analyze(stopped, "--show", "0"), () -> "" + failure.get());
        assertEquals(before, Files.getLastModifiedTime(first), "the first is not made again");
        assertEquals(
                Files.readString(whole.resolve("features.csv")),
                Files.readString(stopped.resolve("features.csv")));
    }

    private void interrupted(AdapterFile file, Sd3Model model, Path out) throws IOException {
        PictureChoice choice =
                new PromptChoice(3, 5, out.resolve("pictures"))
                        .lines(folder.resolve("prompts.txt"), List.of("red", "ukiyo-e"));
        List<String> layers =
                file.modules().keySet().stream()
                        .filter(m -> m.endsWith("0.attn.to_q") || m.endsWith("0.attn.add_q_proj"))
                        .toList();
        AnalysisRun run =
                new AnalysisRun(
                        model,
                        new LoadedAdapters.Weighted(file, 1, List.copyOf(file.modules().keySet())),
                        layers,
                        new FeatureAnalysis.Settings(SampleUnit.TOKEN, false),
                        new PromptPictures(choice, SIDE, 2, 3.0),
                        0,
                        false);
        try {
            run.run(
                    out,
                    done -> {
                        if (done == 4) {
                            throw new CancellationException("stopped by the test");
                        }
                    });
            throw new IllegalStateException("it was not stopped");
        } catch (CancellationException e) {
            assertEquals("stopped by the test", e.getMessage());
        }
    }

    @Test
    void whatCannotBeGeneratedIsRefused() throws IOException {
        Path out = folder.resolve("out");
        refused(out, "at least two styles", "--styles", "red");
        refused(out, "--sigmas goes with --read noised-pictures only", "--sigmas", "0.5");
        refused(out, "features are not read by 'dream'", "--read", "dream");
        refused(out, "--prompts goes with --read generation", "--read", "noised-pictures");
        refused(out, "--per-style must be at least 1, not 0", "--per-style", "0");
        Path bare = Files.writeString(folder.resolve("bare.txt"), "a boat\n");
        refused(out, "'a boat' has no {style}", "--prompts", bare.toString());
        assertTrue(Files.notExists(out));
    }

    private void refused(Path out, String reason, String... more) throws IOException {
        failure.set(null);
        assertEquals(1, analyze(out, more), reason);
        String message = String.valueOf(failure.get());
        assertTrue(message.contains(reason), message);
    }

    @Test
    void seedsBeyondTheLargestAreRefused() {
        ArgumentException e =
                assertThrows(
                        ArgumentException.class,
                        () -> new PromptChoice(2, Long.MAX_VALUE, Path.of("pictures")));
        assertTrue(String.valueOf(e.getMessage()).contains("leaves no seeds"), e.getMessage());
        assertEquals(Long.MAX_VALUE, new PromptChoice(1, Long.MAX_VALUE, Path.of("p")).seed());
    }
}
