package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.text.TextTower;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --text-encoders}: its one folder, who reads it, and what is refused. */
class TextEncoderCommandTest {
    private static final String FILE = "pytorch_lora_weights.safetensors";

    @TempDir private Path folder;

    private String train(String out, String... more) {
        return new TrainedCommand(folder, "tiny-3.0").train(out, more);
    }

    private void assertRefused(String message, String... options) {
        String told = train("no", options);
        assertTrue(told.contains(message), told);
        assertFalse(told.contains("\n"), told);
        assertFalse(Files.exists(folder.resolve("no")), "a folder was made");
    }

    private static Set<Optional<TextTower>> networks(AdapterFile file) {
        Set<Optional<TextTower>> networks = new HashSet<>();
        file.modules().keySet().forEach(module -> networks.add(TextTower.of(module)));
        return networks;
    }

    /** Returns the largest number of B in the modules of an encoder. */
    private static double largest(AdapterFile file, TextTower tower) {
        double largest = 0;
        try (Scope scope = Scope.open("B")) {
            for (String module : file.modules().keySet()) {
                if (TextTower.of(module).equals(Optional.of(tower))) {
                    for (float value : file.open(scope, module, "lora_B.weight").toFloats()) {
                        largest = Math.max(largest, Math.abs(value));
                    }
                }
            }
        }
        return largest;
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Adam's first steps are as long as the rates. */
    @Test
    void encodersLearnAtRatesOfTheirOwnUntilTheyRest() throws IOException {
        assertEquals(
                "",
                train(
                        "out",
                        "--lr",
                        "0.01",
                        "--text-encoders",
                        "clip-g,clip-l",
                        "--text-encoder-rate",
                        "0.002,0.004",
                        "--text-encoder-steps",
                        "1",
                        "--samples",
                        "1",
                        "--save-every",
                        "1",
                        "--caption-dropout",
                        "0.5"));
        Path adapter = folder.resolve("out/adapter");
        assertEquals(List.of(FILE), names(adapter));
        try (AdapterFile file = AdapterFile.open(adapter)) {
            assertEquals(
                    Set.of(
                            Optional.empty(),
                            Optional.of(TextTower.CLIP_L),
                            Optional.of(TextTower.CLIP_G)),
                    networks(file));
            assertEquals(List.of(), file.leftOut());
            assertEquals(0.004, largest(file, TextTower.CLIP_L), 1e-5);
            assertEquals(0.002, largest(file, TextTower.CLIP_G), 1e-5);
            Map<String, String> notes = file.record().orElseThrow().training();
            assertEquals("clip-g, clip-l", notes.get("text_encoders"));
            assertEquals("0.002, 0.004", notes.get("text_encoder_rate"));
            assertEquals("1", notes.get("text_encoder_steps"));
        }
        everyCommandReads(adapter, folder.resolve("out/checkpoints/0000001"));
        String other = train("out2", "--start", adapter.toString());
        assertTrue(other.contains("give it the same --targets, --blocks and --text-enc"), other);
        assertEquals("", train("out3", "--start", adapter.toString(), "--text-encoders"));
    }

    private void everyCommandReads(Path adapter, Path state) throws IOException {
        String model = Goldens.own("tiny-3.0").toString();
        Run inspected = Run.of("inspect", adapter.toString(), "--model", model);
        assertTrue(inspected.out().contains("text_encoder_2.self_attn.q_proj"), inspected.out());
        Path average = folder.resolve("average");
        Run averaged =
                Run.of(
                        "average",
                        state.toString(),
                        adapter.toString(),
                        "--at",
                        "0.5",
                        "--out",
                        average.toString());
        assertEquals(0, averaged.code(), averaged::message);
        try (AdapterFile file = AdapterFile.open(average)) {
            assertEquals(3, networks(file).size());
        }
        Path converted = folder.resolve("converted");
        Run convert =
                Run.of(
                        "convert",
                        adapter.toString(),
                        "--to",
                        "diffusers",
                        "--out",
                        converted.toString());
        assertEquals(0, convert.code(), convert::message);
        assertEquals("", convert.err());
        Path merged = folder.resolve("merged");
        Run merge =
                Run.of("merge", adapter.toString(), "--model", model, "--out", merged.toString());
        assertEquals(0, merge.code(), merge::message);
        assertEquals(List.of("text_encoder", "text_encoder_2", "transformer"), names(merged));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dora", "loha"})
    void otherKindsAreWrittenAndReadToo(String method) {
        assertEquals("", train("out", "--method", method, "--text-encoders", "t5,clip-l"));
        try (AdapterFile file = AdapterFile.open(folder.resolve("out/adapter"))) {
            assertEquals(
                    Set.of(
                            Optional.empty(),
                            Optional.of(TextTower.CLIP_L),
                            Optional.of(TextTower.T5)),
                    networks(file));
            assertEquals(method, file.kindLabel());
            assertEquals(List.of(), file.leftOut());
        }
        Run merge =
                Run.of(
                        "merge",
                        folder.resolve("out/adapter").toString(),
                        "--model",
                        Goldens.own("tiny-3.0").toString(),
                        "--out",
                        folder.resolve("merged").toString());
        assertEquals(0, merge.code(), merge::message);
    }

    @Test
    void variantsGoTogether() {
        assertEquals(
                "",
                train(
                        "out",
                        "--text-encoders",
                        "--checkpointing",
                        "--quantize",
                        "int8",
                        "--rank-dropout",
                        "0.5",
                        "--lora-plus-ratio",
                        "4",
                        "--ema",
                        "0.9",
                        "--dtype",
                        "bf16",
                        "--prior-data",
                        new TrainedCommand(folder, "tiny-3.0")
                                .collection("known", 3, 60)
                                .toString()));
        assertEquals("", train("one", "--text-encoders", "--optimizer", "prodigy", "--no-t5"));
    }

    @Test
    void whatCannotBeIsRefusedBeforeAFolderIsMade() throws IOException {
        assertRefused("no text encoder is called 'clip'", "--text-encoders", "clip");
        assertRefused("clip-l,clip-l names clip-l twice", "--text-encoders", "clip-l,clip-l");
        assertRefused("go with --text-encoders", "--text-encoder-rate", "1e-4");
        assertRefused("go with --text-encoders", "--text-encoder-steps", "5");
        assertRefused(
                "--text-encoder-rate must be above 0, not 0.0",
                "--text-encoders",
                "--text-encoder-rate",
                "0");
        assertRefused(
                "has 2 numbers for 1 text encoders",
                "--text-encoders",
                "t5",
                "--text-encoder-rate",
                "1e-4,1e-5");
        assertRefused(
                "--text-encoder-steps must be at least 1, not 0",
                "--text-encoders",
                "--text-encoder-steps",
                "0");
        assertRefused("--no-t5 leaves T5 out", "--text-encoders", "t5", "--no-t5");
        assertRefused(
                "holds T5 in 8 bits",
                "--text-encoders",
                "t5",
                "--quantize",
                "int8",
                "--checkpointing");
        assertRefused(
                "--text-encoders does not go with --method stan; use lora, dora or loha",
                "--text-encoders",
                "--method",
                "stan");
        assertRefused(
                "prodigy has one learning rate for all",
                "--text-encoders",
                "--optimizer",
                "prodigy",
                "--text-encoder-rate",
                "1");
        assertRefused(
                "comes without T5; leave t5 out",
                "--text-encoders",
                "t5",
                "--model",
                withoutT5().toString());
    }

    private Path withoutT5() throws IOException {
        Path model = folder.resolve("small");
        Path tiny = Goldens.own("tiny-3.0");
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(tiny)) {
            all.addAll(files.filter(Files::isRegularFile).toList());
        }
        for (Path file : all) {
            String name = tiny.relativize(file).toString();
            if (!name.startsWith("text_encoder_3") && !name.startsWith("tokenizer_3")) {
                Files.createDirectories(model.resolve(name).resolveSibling(""));
                Files.copy(file, model.resolve(name));
            }
        }
        Path index = model.resolve("model_index.json");
        String text = Files.readString(index);
        Files.writeString(
                index,
                text.replaceAll(
                        "(?s)\"(text_encoder_3|tokenizer_3)\": \\[.*?]", "\"$1\": [null, null]"));
        return model;
    }
}
