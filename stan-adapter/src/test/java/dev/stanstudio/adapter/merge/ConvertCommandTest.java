package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.AdapterFolder;
import dev.stanstudio.adapter.file.AdapterRecord;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.AdapterTensor;
import dev.stanstudio.adapter.kind.SparseMask;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.training.Run;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
    private static final String Q = "transformer_blocks.0.attn.to_q";

    @TempDir private Path folder;

    private Path own(AdapterKind kind, String name) {
        Path out = folder.resolve(name);
        try (Scope scope = Scope.open("values")) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            for (AdapterTensor tensor : kind.tensors(Q, 8, 8)) {
                long[] shape = tensor.shape().stream().mapToLong(n -> n).toArray();
                values.put(
                        Q + "." + tensor.name(),
                        Tensors.zeros(scope, shape, DType.FP32, Device.CPU));
            }
            if (kind instanceof SparseMask) {
                values.put(
                        Q + "." + SparseMask.MASK,
                        Tensors.zeros(scope, new long[] {8, 8}, DType.FP32, Device.CPU));
            }
            Map<String, long[]> modules = Map.of(Q, new long[] {8, 8});
            AdapterFolder.write(
                    out,
                    AdapterRecord.of(kind, modules, "tiny", "f00d", Map.of()),
                    values,
                    List.of());
        }
        return out;
    }

    @Test
    void theReportNamesWhatMatchesAndWhatDoesNot() throws IOException {
        Path model = Samples.model(folder.resolve("model"), StoredType.F32);
        Path in = Samples.diffusers(folder, Q, "proj_out", "blocks.7.to_q");
        Path out = folder.resolve("peft");
        Run run =
                Run.of(
                        "convert",
                        in.toString(),
                        "--to",
                        "peft",
                        "--out",
                        out.toString(),
                        "--model",
                        model.toString(),
                        "--json");
        assertEquals(0, run.code(), run::message);
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertEquals("peft", json.get("format").asText());
        assertEquals(Q, json.at("/model/matched/0").asText());
        assertEquals("blocks.7.to_q", json.at("/model/unmatched/0/module").asText());
        assertEquals("proj_out", json.at("/model/wrong_shape/0/module").asText());
    }

    @Test
    void aStanIsRefusedWithTheReason() {
        Path out = folder.resolve("out");
        Run run =
                Run.of(
                        "convert",
                        own(Stan.of(8, 2), "stan").toString(),
                        "--to",
                        "diffusers",
                        "--out",
                        out.toString());
        assertEquals(1, run.code());
        assertTrue(run.message().contains("depends on the input"), run::message);
        Run sparse =
                Run.of(
                        "convert",
                        own(new SparseMask(100, 1, true, 10), "sparse").toString(),
                        "--to",
                        "peft",
                        "--out",
                        out.toString());
        assertTrue(sparse.message().contains("--rank"), sparse::message);
        assertFalse(Files.exists(out));
    }

    @Test
    void stansAreJoinedWithoutAModelAndRefusedWithOne() {
        Path stan = own(Stan.of(8, 2), "stan");
        Path out = folder.resolve("joined");
        Run joined = Run.of("merge", stan + "=0.5", stan.toString(), "--out", out.toString());
        assertEquals(0, joined.code(), joined::message);
        try (AdapterFile file = AdapterFile.open(out)) {
            AdapterRecord record = file.record().orElseThrow();
            assertEquals(2, ((Stan) record.kind()).groups());
            assertTrue(record.training().get("merged_0").contains("=0.5 sha256 "));
        }
        Path model = Samples.model(folder.resolve("model"), StoredType.F32);
        Path merged = folder.resolve("merged");
        Run run =
                Run.of(
                        "merge",
                        stan.toString(),
                        "--model",
                        model.toString(),
                        "--out",
                        merged.toString());
        assertTrue(run.failure() instanceof UserException, run::message);
        assertTrue(run.message().contains("depends on the input"), run::message);
        assertFalse(Files.exists(merged));
        Run both =
                Run.of(
                        "merge",
                        stan.toString(),
                        "--model",
                        model.toString(),
                        "--rank",
                        "4",
                        "--out",
                        merged.toString());
        assertTrue(both.message().contains("give one"), both::message);
    }
}
