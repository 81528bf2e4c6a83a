package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters that PEFT and LyCORIS wrote for a tiny transformer, against what these answer with them
 * (docs/reference/changes.py): one layer, and the network with the adapter beside and merged.
 */
class WeightChangeReferenceTest {
    private static final Path FOLDER = Path.of("src/test/resources/reference/changes");
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final String Q = "transformer_blocks.0.attn.to_q";
    private static final double TOLERANCE = 2e-5;

    /** The model's weights in fp32, which it stores as fp16. */
    private record Wide(Weights stored) implements Weights {
        @Override
        public Set<String> names() {
            return stored.names();
        }

        @Override
        public long[] shape(String name) {
            return stored.shape(name);
        }

        @Override
        public DType dtype(String name) {
            return DType.FP32;
        }

        @Override
        public Tensor open(Scope scope, String name) {
            try (Scope local = Scope.open(name)) {
                return Tensors.to(scope, stored.open(local, name), Device.CPU, DType.FP32);
            }
        }

        @Override
        public String origin() {
            return stored.origin();
        }
    }

    private ModelSource source;
    private Weights base;
    private Goldens.File golden;

    @BeforeEach
    void open() {
        source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        base = new Wide(source.transformer());
        golden = new Goldens.File(FOLDER.resolve("outputs.safetensors"));
    }

    @AfterEach
    void close() {
        golden.close();
        source.close();
    }

    static Stream<Path> adapters() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(file -> !file.endsWith("outputs.safetensors"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void answersAsItsWriter(Path path) {
        String name = path.getFileName().toString().replace(".safetensors", "");
        try (AdapterFile file = AdapterFile.open(path);
                Scope scope = Scope.open("test")) {
            MergedWeights merged =
                    MergedWeights.of(
                            source.transformerConfig(), base, List.of(new Expert(file, 1)));
            assertEquals(List.of(), merged.reports().get(0).notApplied());
            Goldens.compare(
                    name + " layer",
                    layer(scope, merged),
                    golden.tensor(name + ".to_q"),
                    TOLERANCE);
            Tensor expected = golden.tensor(name);
            try (Mmdit mmdit = Mmdit.load(source.transformerConfig(), merged, FP32, false)) {
                Goldens.compare(name + " merged", answer(scope, mmdit, null), expected, TOLERANCE);
            }
            try (Mmdit mmdit = Mmdit.load(source.transformerConfig(), base, FP32, false);
                    LoadedAdapters loaded = load(file, 1)) {
                Goldens.compare(
                        name + " beside",
                        answer(scope, mmdit, loaded.adapters()),
                        expected,
                        TOLERANCE);
                assertTrue(Goldens.difference(expected, golden.tensor("base")) > 1e-3);
            }
        }
    }

    /** A weight weighs the whole change, DoRA's too: half of it is halfway in every layer. */
    @Test
    void halfAWeightIsHalfTheChange() {
        Path path = FOLDER.resolve("peft-dora");
        try (AdapterFile file = AdapterFile.open(path);
                Scope scope = Scope.open("test")) {
            Tensor none = layer(scope, base);
            Tensor half = layer(scope, merged(file, 0.5));
            Tensor whole = layer(scope, merged(file, 1));
            Tensor mean =
                    Tensors.combine(
                            scope, new double[] {0.5, 0.5}, List.of(none, whole), DType.FP32);
            Goldens.compare("half", half, mean, TOLERANCE);
        }
    }

    /** Adapters of several kinds at once are the sum of their changes, beside as merged. */
    @Test
    void severalKindsAddUp() {
        try (AdapterFile one = AdapterFile.open(FOLDER.resolve("peft-dora"));
                AdapterFile two = AdapterFile.open(FOLDER.resolve("lycoris-full.safetensors"));
                Scope scope = Scope.open("test")) {
            List<Expert> experts = List.of(new Expert(one, 0.7), new Expert(two, -0.4));
            MergedWeights merged = MergedWeights.of(source.transformerConfig(), base, experts);
            try (Mmdit first = Mmdit.load(source.transformerConfig(), merged, FP32, false);
                    Mmdit second = Mmdit.load(source.transformerConfig(), base, FP32, false);
                    LoadedAdapters loaded =
                            LoadedAdapters.load(
                                    List.of(weighted(one, 0.7), weighted(two, -0.4)), 2, FP32)) {
                Goldens.compare(
                        "sum",
                        answer(scope, second, loaded.adapters()),
                        answer(scope, first, null),
                        TOLERANCE);
            }
        }
    }

    private MergedWeights merged(AdapterFile file, double weight) {
        return MergedWeights.of(
                source.transformerConfig(), base, List.of(new Expert(file, weight)));
    }

    private LoadedAdapters.Weighted weighted(AdapterFile file, double weight) {
        List<String> matched =
                file.match(TargetModules.of(source.transformerConfig())).requireMatch().matched();
        return new LoadedAdapters.Weighted(file.on(base), weight, matched);
    }

    private LoadedAdapters load(AdapterFile file, double weight) {
        return LoadedAdapters.load(List.of(weighted(file, weight)), 2, FP32);
    }

    /** The rows of the file through a linear layer, in fp64. */
    private Tensor layer(Scope scope, Weights weights) {
        Tensor w = open(scope, weights, Q + ".weight");
        float[] bias = open(scope, weights, Q + ".bias").toFloats();
        float[] numbers = w.toFloats();
        float[] x = golden.tensor("rows").toFloats();
        int in = (int) w.size(1);
        int out = (int) w.size(0);
        float[] y = new float[x.length / in * out];
        for (int i = 0; i < y.length; i++) {
            double sum = bias[i % out];
            for (int j = 0; j < in; j++) {
                sum += (double) numbers[i % out * in + j] * x[i / out * in + j];
            }
            y[i] = (float) sum;
        }
        return Tensors.of(scope, y, y.length / out, out);
    }

    private static Tensor open(Scope scope, Weights weights, String name) {
        return Tensors.to(scope, weights.open(scope, name), Device.CPU, DType.FP32);
    }

    private Tensor answer(Scope scope, Mmdit mmdit, Adapters adapters) {
        Mmdit.Conditioning text =
                mmdit.condition(scope, golden.tensor("text"), golden.tensor("pooled"), 1, adapters);
        return mmdit.forward(
                scope,
                golden.tensor("hidden"),
                new double[] {500},
                text,
                Perturbation.NONE,
                i -> {});
    }
}
