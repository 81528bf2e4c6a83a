package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Sora;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.training.Run;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code adapter average} between two adapters of drawn numbers. */
class AverageCommandTest {
    private static final String MODULE = "transformer_blocks.0.attn.to_q";

    @TempDir private Path folder;

    static List<AdapterKind> kinds() {
        return List.of(Lora.of(2, 3), Stan.of(6, 2), new Sora(3, 3, 10, 3e-4));
    }

    private Path write(String name, AdapterKind kind, String fingerprint, long seed) {
        Path out = folder.resolve(name);
        try (Scope scope = Scope.open("drawn")) {
            RandomSource random = RandomSource.seeded(scope, seed);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (AdapterTensor tensor : kind.tensors(MODULE, 8, 8)) {
                long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
                tensors.put(MODULE + "." + tensor.name(), random.normal(scope, shape, DType.FP32));
            }
            Map<String, long[]> modules = Map.of(MODULE, new long[] {8, 8});
            AdapterRecord record =
                    AdapterRecord.of(kind, modules, "tiny", fingerprint, Map.of("steps", "4"));
            AdapterFolder.write(out, record, tensors, List.of(MODULE));
        }
        return out;
    }

    private static float[] values(Path adapter, String tensor) {
        try (AdapterFile file = AdapterFile.open(adapter);
                Scope scope = Scope.open("read")) {
            return file.openFinite(scope, MODULE, tensor).toFloats();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyNumberLiesBetween(AdapterKind kind) {
        Path first = write("a", kind, "f", 1);
        Path second = write("b", kind, "f", 2);
        for (double at : new double[] {0, 0.25, 1}) {
            Path out = folder.resolve("at-" + at);
            Run run =
                    Run.of(
                            "average",
                            first.toString(),
                            second.toString(),
                            "--at",
                            String.valueOf(at),
                            "--out",
                            out.toString());
            assertEquals(0, run.code(), run.message());
            for (AdapterTensor tensor : kind.tensors(MODULE, 8, 8)) {
                float[] a = values(first, tensor.name());
                float[] b = values(second, tensor.name());
                float[] made = values(out, tensor.name());
                for (int i = 0; i < a.length; i++) {
                    assertEquals((1 - at) * a[i] + at * b[i], made[i], 1e-6, tensor.name());
                }
            }
            try (AdapterFile file = AdapterFile.open(out)) {
                AdapterRecord record = file.record().orElseThrow();
                assertEquals("4", record.training().get("steps"));
                assertTrue(String.valueOf(record.training().get("averaged")).contains(" of "));
            }
        }
    }

    private String refusal(Path first, Path second, String... more) {
        List<String> args =
                new java.util.ArrayList<>(List.of("average", first.toString(), second.toString()));
        args.addAll(List.of("--out", folder.resolve("no").toString()));
        args.addAll(List.of(more));
        Run run = Run.of(args.toArray(String[]::new));
        assertTrue(run.code() != 0);
        assertEquals(1, run.message().lines().count(), run.message());
        return run.message();
    }

    @Test
    void whatCannotBeAveragedIsRefused() {
        Path lora = write("lora", Lora.of(2, 3), "f", 1);
        Path wider = write("wider", Lora.of(3, 3), "f", 1);
        Path other = write("other", Lora.of(2, 3), "g", 1);
        assertTrue(refusal(lora, wider).contains("of different kinds or settings"), "rank");
        assertTrue(refusal(lora, other).contains("of different models"), "model");
        assertTrue(refusal(lora, lora, "--at", "2").contains("--at must be 0"), "at");
        assertTrue(refusal(lora, folder.resolve("gone")).contains("gone"), "gone");
    }

    /** A mask is chosen anew in a training, so the numbers of two states are of other weights. */
    @Test
    void masksAreRefused() {
        Path out = folder.resolve("mask");
        SparseMask kind = new SparseMask(100, 1, true, 2);
        try (Scope scope = Scope.open("drawn")) {
            Tensor change =
                    RandomSource.seeded(scope, 1).normal(scope, new long[] {8, 8}, DType.FP32);
            Map<String, long[]> modules = Map.of(MODULE, new long[] {8, 8});
            AdapterFolder.write(
                    out,
                    AdapterRecord.of(kind, modules, "tiny", "f", Map.of()),
                    AdapterFolder.sparse(MODULE, change),
                    List.of());
        }
        assertTrue(refusal(out, out).contains("chooses while it trains"), "mask");
    }
}
