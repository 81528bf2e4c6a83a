package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraSource;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.training.Run;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeCommandTest {
    private static final String TENSORS = "diffusion_pytorch_model.safetensors";

    @TempDir private Path folder;

    private Run merge(Path model, Path out, Object... adapters) {
        String[] args =
                Stream.concat(
                                Stream.of("merge", "--model", model, "--out", out),
                                Stream.of(adapters))
                        .map(Object::toString)
                        .toArray(String[]::new);
        return Run.of(args);
    }

    private Path model(StoredType type) {
        return Samples.model(folder.resolve("model"), type);
    }

    private List<String> outFolder() {
        return names(folder.resolve("out"));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(Files.createDirectories(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theFolderHoldsTheMergedWeightsInTheModelsType() throws IOException {
        Path model = model(StoredType.BF16);
        Path lora = Samples.diffusers(folder, "transformer_blocks.0.attn.to_q");
        Path out = folder.resolve("out/merged");
        Run run = merge(model, out, lora + "=0.5", lora);
        assertEquals(0, run.code(), run::message);
        assertEquals("", run.err());
        assertTrue(run.out().startsWith(lora + ": modules merged: 1"), run.out());
        assertEquals(List.of("merged"), outFolder());
        assertArrayEquals(
                Files.readAllBytes(model.resolve("transformer/config.json")),
                Files.readAllBytes(out.resolve("config.json")));
        try (LoraFile file = LoraFile.open(lora);
                ModelSource source = ModelSource.open(model, null, null);
                TensorFiles files = new TensorFiles()) {
            assertSame(
                    MergedWeights.of(
                            Samples.CONFIG,
                            source.transformer(),
                            List.of(new Expert(LoraSource.of(file), 1.5))),
                    StoredWeights.of(
                            TensorCollection.open(out.resolve(TENSORS)),
                            files,
                            UnaryOperator.identity()));
            assertEquals(
                    file.sha256() + "=0.5 " + file.sha256() + "=1.0",
                    SafetensorsFile.open(out.resolve(TENSORS)).metadata().get("merged_adapters"));
        }
    }

    private static void assertSame(Weights expected, Weights written) {
        assertEquals(expected.names(), java.util.Set.copyOf(written.names()));
        for (String name : expected.names()) {
            try (Scope scope = Scope.open("test")) {
                assertEquals(expected.dtype(name), written.dtype(name), name);
                assertArrayEquals(expected.shape(name), written.shape(name), name);
                assertArrayEquals(
                        expected.open(scope, name).toFloats(),
                        written.open(scope, name).toFloats(),
                        name);
            }
        }
    }

    @Test
    void aFolderThatExistsIsNotTouched() throws IOException {
        Path out = Files.createDirectories(folder.resolve("out/kept"));
        Path lora = Samples.diffusers(folder, "transformer_blocks.0.attn.to_q");
        Run run = merge(model(StoredType.F32), out, lora);
        assertEquals(out + " exists already; name a new folder", run.message());
        assertEquals(List.of("kept"), outFolder());
        assertEquals(List.of(), names(out));
    }

    @Test
    void failuresLeaveNothingBehind() throws IOException {
        Path model = model(StoredType.F32);
        Path lora = Samples.diffusers(folder, "transformer_blocks.0.attn.to_q");
        Path out = folder.resolve("out/merged");
        assertInstanceOf(
                UserException.class, merge(model, out, lora, folder.resolve("none")).failure());
        assertInstanceOf(ArgumentException.class, merge(model, out, lora + "=much").failure());
        assertInstanceOf(ArgumentException.class, merge(lora, out, lora).failure());
        assertEquals(2, Run.of("merge", lora.toString()).code());
        assertEquals(List.of(), outFolder());
    }

    @Test
    void whatIsLeftOutIsSaid() {
        Path lora =
                Samples.diffusers(folder, "transformer_blocks.0.attn.to_q", "blocks.0.attn.to_q");
        Run run = merge(model(StoredType.F32), folder.resolve("out/merged"), lora);
        assertEquals(0, run.code(), run::message);
        assertTrue(run.err().contains("1 of 2 modules do not fit the model"), run.err());
    }

    @Test
    void partsForTextEncodersAreSaidAndRecorded() {
        List<SafetensorsWriter.Tensor> tensors =
                new ArrayList<>(
                        Samples.pair(
                                "transformer.transformer_blocks.0.attn.to_q",
                                2,
                                8,
                                8,
                                ".lora_A.weight",
                                ".lora_B.weight"));
        tensors.addAll(Samples.pair("text_encoder.q", 2, 8, 8, ".lora_A.weight", ".lora_B.weight"));
        Path lora = Samples.write(folder.resolve("both.safetensors"), Map.of(), tensors);
        Path out = folder.resolve("out/merged");
        Run run = merge(model(StoredType.F32), out, lora);
        assertEquals(0, run.code(), run::message);
        String said = "1 modules of text_encoder are left out";
        assertEquals(2, (run.err() + ".").split(said, -1).length, "said once: " + run.err());
        String recorded = SafetensorsFile.open(out.resolve(TENSORS)).metadata().get("not_applied");
        assertTrue(String.valueOf(recorded).contains(said), recorded);
        Run joined =
                Run.of("merge", lora.toString(), "--out", folder.resolve("out/one").toString());
        assertTrue(joined.err().contains(said), joined.err());
    }

    @Test
    void weightsThatLeaveTheFiniteNumbersAreNotWritten() {
        Path lora = Samples.diffusers(folder, "transformer_blocks.0.attn.to_q");
        for (StoredType type : List.of(StoredType.F16, StoredType.F32)) {
            Path model = Samples.model(folder.resolve(type.fileName()), type);
            Run run = merge(model, folder.resolve("out/merged"), lora + "=1e300");
            assertEquals(1, run.code());
            assertTrue(
                    run.message().contains("transformer_blocks.0.attn.to_q.weight would be NaN"),
                    run::message);
            assertEquals(List.of(), outFolder());
        }
        Run joined =
                Run.of(
                        "merge",
                        lora + "=1e300",
                        lora.toString(),
                        "--out",
                        folder.resolve("out/joined").toString());
        assertEquals(1, joined.code());
        assertTrue(joined.message().contains("would be NaN or infinite"), joined::message);
        assertEquals(List.of(), outFolder());
    }
}
