package dev.stanstudio.adapter.project;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters that travel with the call, against the reference's answers with loaded ones. */
class InjectionGoldensTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);

    /** The files state no error of their own. */
    private static final double TOLERANCE = 2e-5;

    private record Bench(ModelSource source, Mmdit mmdit, Goldens.File golden)
            implements AutoCloseable {
        static Bench open() {
            Goldens.File golden = new Goldens.File("lora/expected.safetensors");
            ModelSource source = ModelSource.open(Goldens.path("tiny-sd3"), null, null);
            Mmdit mmdit = Mmdit.load(source.transformerConfig(), source.transformer(), FP32, false);
            return new Bench(source, mmdit, golden);
        }

        Tensor answer(Scope scope, @Nullable Adapters adapters) {
            Mmdit.Conditioning text =
                    mmdit.condition(
                            scope,
                            golden.tensor("encoder_hidden_states"),
                            golden.tensor("pooled_projections"),
                            1,
                            adapters);
            float[] t = golden.tensor("timestep").toFloats();
            return mmdit.forward(
                    scope,
                    golden.tensor("hidden_states"),
                    new double[] {t[0], t[1]},
                    text,
                    Perturbation.NONE,
                    i -> {});
        }

        LoadedAdapters load(AdapterSource source, double weight) {
            List<String> modules = List.copyOf(source.modules().keySet());
            return LoadedAdapters.load(
                    List.of(new LoadedAdapters.Weighted(source, weight, modules)), blocks(), FP32);
        }

        int blocks() {
            return source.transformerConfig().numLayers();
        }

        @Override
        public void close() {
            mmdit.close();
            source.close();
            golden.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "diffusers, diffusers=1",
        "diffusers.weight_0.7, diffusers=0.7",
        "diffusers-alpha, diffusers-alpha=1",
        "peft, peft=1",
        "kohya, kohya.safetensors=1",
        "mixed_a0.5_b-0.8, diffusers=0.5 diffusers-alpha=-0.8"
    })
    void lorasTravelWithTheCall(String which, String adapters) {
        List<AdapterFile> files = new ArrayList<>();
        try (Bench bench = Bench.open();
                Scope scope = Scope.open("test")) {
            List<LoadedAdapters.Weighted> weighted = new ArrayList<>();
            for (String adapter : adapters.split(" ")) {
                String[] parts = adapter.split("=");
                AdapterFile file = AdapterFile.open(Goldens.path("lora/" + parts[0]));
                files.add(file);
                weighted.add(
                        new LoadedAdapters.Weighted(
                                file,
                                Double.parseDouble(parts[1]),
                                List.copyOf(file.modules().keySet())));
            }
            float[] before = bench.answer(scope, null).toFloats();
            try (LoadedAdapters active = LoadedAdapters.load(weighted, bench.blocks(), FP32)) {
                Tensor with = bench.answer(scope, active.adapters());
                Goldens.compare(
                        "lora " + which, with, bench.golden.tensor("sample." + which), TOLERANCE);
            }
            assertArrayEquals(before, bench.answer(scope, null).toFloats());
        } finally {
            files.forEach(AdapterFile::close);
        }
    }

    @Test
    void aWeightOfZeroIsTheBaseToTheBit() {
        try (Bench bench = Bench.open();
                Scope scope = Scope.open("test");
                AdapterFile file = AdapterFile.open(Goldens.path("lora/peft"));
                LoadedAdapters none = bench.load(file, 0)) {
            assertArrayEquals(
                    bench.answer(scope, null).toFloats(),
                    bench.answer(scope, none.adapters()).toFloats());
        }
    }

    /** STAN of every linear layer, its tensors from {@code draw}. */
    private record Drawn(
            Stan kind, Map<String, long[]> modules, BiFunction<Scope, long[], Tensor> decoder)
            implements AdapterSource {
        @Override
        public String name() {
            return "drawn";
        }

        @Override
        public String sha256() {
            return "";
        }

        @Override
        public ProjectionPart part(String module) {
            long[] shape = modules.get(module);
            return kind.part(module, shape[0], shape[1]);
        }

        @Override
        public Tensor open(Scope scope, String module, String tensor) {
            long[] shape = modules.get(module);
            int l = kind.featuresOf(module, shape[1]);
            return tensor.contains("_E")
                    ? draw(scope, module.hashCode(), l, shape[1])
                    : decoder.apply(scope, new long[] {shape[0], l});
        }
    }

    private static Tensor draw(Scope scope, long seed, long... shape) {
        try (Scope local = Scope.open("draw")) {
            Tensor unit =
                    RandomSource.seeded(local, seed & 0xffff).normal(local, shape, DType.FP32);
            double scale = 1 / Math.sqrt((double) shape[1]);
            return Tensors.combine(scope, new double[] {scale}, List.of(unit), DType.FP32);
        }
    }

    private static Drawn everywhere(Bench bench, BiFunction<Scope, long[], Tensor> decoder) {
        TargetSelection all =
                new TargetSelection(
                        List.of(
                                "transformer_blocks",
                                "context_embedder",
                                "time_text_embed",
                                "norm_out",
                                "proj_out"),
                        dev.stanstudio.adapter.kind.BlockSet.ALL);
        Map<String, long[]> modules = all.select(bench.source.transformerConfig());
        return new Drawn(Stan.of(16, 3), modules, decoder);
    }

    @Test
    void stanWithAZeroDecoderIsTheBaseToTheBitWhereverItSits() {
        try (Bench bench = Bench.open();
                Scope scope = Scope.open("test")) {
            Drawn zero =
                    everywhere(
                            bench, (s, shape) -> Tensors.zeros(s, shape, DType.FP32, Device.CPU));
            try (LoadedAdapters active = bench.load(zero, 1)) {
                float[] with = bench.answer(scope, active.adapters()).toFloats();
                float[] without = bench.answer(scope, null).toFloats();
                // The GELU of an adapted layer is not fused with its product.
                double worst = 0;
                for (int i = 0; i < with.length; i++) {
                    worst = Math.max(worst, Math.abs((double) with[i] - without[i]));
                }
                System.out.println("STAN of zeros on every layer: worst error " + worst);
                assertTrue(worst <= 2e-6);
            }
            Map<String, long[]> attention =
                    TargetSelection.DEFAULT.select(bench.source.transformerConfig());
            try (LoadedAdapters active =
                    bench.load(new Drawn(zero.kind(), attention, zero.decoder()), 1)) {
                assertArrayEquals(
                        bench.answer(scope, null).toFloats(),
                        bench.answer(scope, active.adapters()).toFloats());
            }
        }
    }

    @Test
    void everyModuleCountsAndTheNetworkStaysAsItIs() {
        try (Bench bench = Bench.open();
                Scope scope = Scope.open("test")) {
            Drawn all = everywhere(bench, (s, shape) -> draw(s, 3, shape));
            float[] without = bench.answer(scope, null).toFloats();
            for (String module : all.modules().keySet()) {
                Drawn one =
                        new Drawn(
                                all.kind(),
                                Map.of(module, all.modules().get(module)),
                                all.decoder());
                try (Scope local = Scope.open(module);
                        LoadedAdapters active = bench.load(one, 1)) {
                    float[] with = bench.answer(local, active.adapters()).toFloats();
                    // The last block gives away what its context asked for.
                    assertEquals(
                            module.equals("transformer_blocks.2.attn.add_q_proj"),
                            Arrays.equals(with, without),
                            module);
                }
            }
            assertArrayEquals(without, bench.answer(scope, null).toFloats());
        }
    }

    @Test
    void requestsWithDifferentAdaptersRunAtTheSameTime() {
        try (Bench bench = Bench.open();
                Scope scope = Scope.open("test");
                AdapterFile file = AdapterFile.open(Goldens.path("lora/peft"));
                LoadedAdapters lora = bench.load(file, 1);
                LoadedAdapters stan =
                        bench.load(everywhere(bench, (s, shape) -> draw(s, 3, shape)), 1)) {
            List<@Nullable Adapters> all = Arrays.asList(null, lora.adapters(), stan.adapters());
            List<float[]> serial =
                    all.stream().map(a -> bench.answer(scope, a).toFloats()).toList();
            List<CompletableFuture<float[]>> atOnce = new ArrayList<>();
            for (int round = 0; round < 9; round++) {
                Adapters adapters = all.get(round % 3);
                atOnce.add(CompletableFuture.supplyAsync(() -> floats(bench, adapters)));
            }
            for (int round = 0; round < 9; round++) {
                assertArrayEquals(serial.get(round % 3), atOnce.get(round).join());
            }
        }
    }

    private static float[] floats(Bench bench, @Nullable Adapters adapters) {
        try (Scope local = Scope.open("request")) {
            return bench.answer(local, adapters).toFloats();
        }
    }

    @Test
    void numbersThatAreNotFiniteAreRefused() {
        try (Bench bench = Bench.open()) {
            Drawn broken =
                    everywhere(
                            bench,
                            (s, shape) -> {
                                float[] values = new float[(int) (shape[0] * shape[1])];
                                values[1] = Float.NaN;
                                return Tensors.of(s, values, shape);
                            });
            UserException thrown =
                    assertThrows(UserException.class, () -> bench.load(broken, 1).close());
            assertTrue(thrown.getMessage().contains("stan_D.weight holds"), thrown::getMessage);
            assertEquals(16, broken.kind().width().features());
        }
    }
}
