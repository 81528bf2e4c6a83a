package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.LoraFile;
import dev.stanstudio.adapter.file.LoraFormat;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.kind.TargetSelection;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TrainCommandTest {
    @TempDir private Path folder;

    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private int train(String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--model",
                                Goldens.own("tiny-3.0").toString(),
                                "--data",
                                collection().toString(),
                                "--cache",
                                folder.resolve("cache").toString(),
                                "--resolution",
                                "48",
                                "--max-sequence-length",
                                "12",
                                "--dtype",
                                "fp32",
                                "--threads",
                                "1",
                                "--batch",
                                "2",
                                "--log-every",
                                "2",
                                "--validate-every",
                                "4"));
        args.addAll(Arrays.asList(more));
        StringWriter err = new StringWriter();
        int code =
                new CommandLine(new TrainCommand())
                        .setOverwrittenOptionsAllowed(true)
                        .setOut(new PrintWriter(new StringWriter()))
                        .setErr(new PrintWriter(err))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    failure.set(e);
                                    return 1;
                                })
                        .execute(args.toArray(String[]::new));
        if (failure.get() != null) {
            System.out.println(failure.get());
        }
        return code;
    }

    /** Six pictures of noise, one of them held out. */
    private Path collection() {
        Path data = folder.resolve("data");
        try {
            if (Files.exists(data)) {
                return data;
            }
            Files.createDirectories(data);
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 6; i++) {
                byte[] samples = new byte[60 * 50 * 3];
                new Random(i).nextBytes(samples);
                Path file = data.resolve(i + ".png");
                Picture.of(60, 50, PixelMode.RGB, samples).writePng(file);
                lines.append(
                        new ObjectMapper()
                                .createObjectNode()
                                .put("file_name", i + ".png")
                                .put("text", "noise " + i)
                                .put("style", "noise")
                                .put("sha256", Sha256.ofFile(file))
                                .put("width", 60)
                                .put("height", 50)
                                .put("split", i == 5 ? "validation" : "train"));
                lines.append('\n');
            }
            Files.writeString(data.resolve("metadata.jsonl"), lines);
            return data;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stan, --features 16 --k 3",
        "lora, --rank 2 --alpha 1 --targets attn ff",
        "adalora, --rank 2 --alpha 4",
        "sora, --rank 2",
        "sparse, --keep 0.05 --mask-every 1"
    })
    void everyKindIsTrainedAndFitsItsModel(String method, String options) throws IOException {
        Path out = folder.resolve(method);
        List<String> args = new ArrayList<>(List.of("--method", method, "--out", out.toString()));
        args.addAll(List.of("--steps", "4"));
        args.addAll(Arrays.asList(options.replace("attn ff", "attn,ff").split(" ")));
        assertEquals(0, train(args.toArray(String[]::new)));
        try (AdapterFile file = AdapterFile.open(out.resolve("adapter"));
                ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null)) {
            file.match(TargetModules.of(source.transformerConfig()), source.fingerprint());
            assertEquals("4", file.record().orElseThrow().training().get("steps"));
            assertEquals(method, file.record().orElseThrow().kind().label());
        }
        String log = Files.readString(out.resolve("log.jsonl"));
        assertTrue(log.contains("\"validation\""), log);
        if (method.equals("lora")) {
            try (LoraFile file = LoraFile.open(out.resolve("adapter"))) {
                assertEquals(LoraFormat.PEFT, file.format());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stan", "lora", "adalora", "sora", "sparse"})
    void statesAreWhatAShorterTrainingWrites(String method) {
        Path out = folder.resolve("long");
        String[] asked = {"--method", method, "--schedule", "constant", "--export", "last"};
        String[] six = with(asked, "--steps", "6", "--save-every", "2", "--out", out.toString());
        assertEquals(0, train(six));
        List<SavedState> states = SavedState.beside(out.resolve("adapter"));
        assertEquals(List.of(2L, 4L, 6L), states.stream().map(SavedState::step).toList());
        assertEquals(0, largestDifference(states.get(2).path(), out.resolve("adapter")));
        assertTrue(largestDifference(states.get(1).path(), out.resolve("adapter")) > 0);
        assertEquals(4, recorded(states.get(1).path(), "exported"));
        try (AdapterFile file = AdapterFile.open(states.get(0).path());
                ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null)) {
            file.match(TargetModules.of(source.transformerConfig()), source.fingerprint());
            assertEquals(method, file.record().orElseThrow().kind().label());
        }
        String refused = refusal("--method", method, "--save-every", "0", "--out", "no");
        assertTrue(refused.contains("--save-every must be at least 1, not 0"), refused);
    }

    @Test
    void theNewestStatesAreKeptAndAStateLiesBetweenTwo() {
        Path out = folder.resolve("kept");
        String[] asked = {"--method", "lora", "--steps", "7", "--export", "last"};
        assertEquals(0, train(with(asked, "--keep-checkpoints", "3", "--out", out.toString())));
        assertEquals(
                List.of(2L, 4L, 6L), SavedState.in(out).stream().map(SavedState::step).toList());
        Path newest = folder.resolve("newest");
        String[] every = with(asked, "--save-every", "1", "--keep-checkpoints", "2");
        assertEquals(0, train(with(every, "--out", newest.toString())));
        List<SavedState> states = SavedState.in(newest);
        assertEquals(List.of(6L, 7L), states.stream().map(SavedState::step).toList());
        Path last = newest.resolve("adapter");
        assertEquals(0, largestDifference(states.get(1).path(), last), "best rule unchanged");
        String refused = refusal("--method", "lora", "--keep-checkpoints", "0", "--out", "no");
        assertTrue(refused.contains("--keep-checkpoints must be at least 1, not 0"), refused);
    }

    /** States of steps that are made again are of another run; those before stay. */
    @Test
    void statesAfterTheStepWhereATrainingGoesOnAreRemoved() throws IOException {
        Path out = folder.resolve("twice");
        String[] asked = {"--method", "lora", "--steps", "3", "--save-every", "1"};
        assertEquals(0, train(with(asked, "--out", out.toString())));
        Path stale = AdapterPlace.state(out, 7);
        Files.move(AdapterPlace.state(out, 3), stale);
        Files.move(out.resolve("adapter"), folder.resolve("moved"));
        Files.delete(out.resolve("checkpoint.safetensors"));
        assertEquals(0, train(with(asked, "--out", out.toString())));
        assertEquals(
                List.of(1L, 2L, 3L), SavedState.in(out).stream().map(SavedState::step).toList());
        assertEquals(
                0, largestDifference(folder.resolve("moved"), out.resolve("adapter")), "same run");
    }

    @ParameterizedTest
    @CsvSource({
        "stan, --features 16 --k 3, --features 8",
        "lora, --rank 2, --rank 3",
        "sora, --rank 2 --lambda2 0, --rank 3"
    })
    void aTrainingGoesOnFromAnEarlierAdapter(String method, String options, String others)
            throws IOException {
        Path first = folder.resolve("first");
        // With the projection that nothing reads, as earlier versions trained; it goes along.
        String[] all = {"--targets", String.join(",", TargetSelection.ATTENTION)};
        String[] chosen = method.equals("stan") ? all : new String[0];
        String[] begun = started(method, options, first, "--steps", "4", "--seed", "1");
        assertEquals(0, train(with(begun, chosen)));
        Path earlier = first.resolve("adapter");
        Path second = folder.resolve("second");
        String[] still = {"--steps", "1", "--lr", "1e-12", "--weight-decay", "0", "--seed", "2"};
        String[] asked = started(method, options, second, still);
        assertEquals(0, train(with(asked, "--start", earlier.toString())));
        assertEquals(0, largestDifference(earlier, second.resolve("adapter")), 1e-6);
        EarlierAdapter hashed = EarlierAdapter.of(earlier);
        try (AdapterFile file = AdapterFile.open(second.resolve("adapter"))) {
            String note = String.valueOf(file.record().orElseThrow().training().get("start"));
            assertTrue(note.endsWith("hash " + hashed.sha256()), note);
        }
        Path fresh = folder.resolve("fresh");
        assertEquals(0, train(with(started(method, options, fresh, still), chosen)));
        assertTrue(largestDifference(earlier, fresh.resolve("adapter")) > 1e-3);

        String third = folder.resolve("third").toString();
        String[] other = started(method, options + " " + others, Path.of(third), still);
        String refused = refusal(with(other, "--start", earlier.toString()));
        assertTrue(refused.contains("give the sizes that it was trained with"), refused);
        refused =
                refusal(
                        with(
                                started(method, options + " --targets ff", Path.of(third), still),
                                "--start",
                                earlier.toString()));
        assertTrue(refused.contains("give it the same --targets"), refused);
        refused = refusal("--method", "sparse", "--start", earlier.toString(), "--out", third);
        assertTrue(refused.contains("--start does not go with sparse"), refused);
        String[] fewer = started(method, options + " --blocks 0", Path.of(third), still);
        refused = refusal(with(fewer, "--start", earlier.toString()));
        assertTrue(refused.contains("modules that are not trained here"), refused);
        endInNan(earlier.resolve("adapter_model.safetensors"));
        // As between its hashing and the reading of its weights, after the encoding.
        String replaced =
                String.valueOf(assertThrows(UserException.class, hashed::open).getMessage());
        assertTrue(replaced.contains("has changed since this training began"), replaced);
        refused = refusal(with(asked, "--out", third, "--start", earlier.toString()));
        assertTrue(refused.contains("holds numbers that are not finite"), refused);
        assertFalse(Files.exists(Path.of(third, "adapter")));
    }

    /** Makes the last number of a file of fp32 tensors NaN. */
    private static void endInNan(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(bytes.length - Float.BYTES, Float.NaN);
        Files.write(file, bytes);
    }

    private static String[] started(String method, String options, Path out, String... more) {
        List<String> args = new ArrayList<>(List.of("--method", method, "--out", out.toString()));
        args.addAll(Arrays.asList(options.split(" ")));
        args.addAll(Arrays.asList(more));
        return args.toArray(String[]::new);
    }

    private static String[] with(String[] args, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(args));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    /** Between the numbers of two adapters of one kind and size. */
    private static double largestDifference(Path one, Path other) {
        TensorCollection a = TensorCollection.open(one.resolve("adapter_model.safetensors"));
        TensorCollection b = TensorCollection.open(other.resolve("adapter_model.safetensors"));
        assertEquals(a.tensors().keySet(), b.tensors().keySet());
        double largest = 0;
        try (Scope scope = Scope.open("compared");
                TensorFiles files = new TensorFiles()) {
            for (String name : a.tensors().keySet()) {
                float[] x = files.open(scope, a.tensor(name)).toFloats();
                float[] y = files.open(scope, b.tensor(name)).toFloats();
                assertEquals(x.length, y.length, name);
                for (int i = 0; i < x.length; i++) {
                    largest = Math.max(largest, Math.abs(x[i] - y[i]));
                }
            }
        }
        return largest;
    }

    private String refusal(String... args) {
        failure.set(null);
        assertTrue(train(args) != 0);
        return String.valueOf(failure.get());
    }

    @Test
    void whatCannotWorkIsRefusedBeforeTraining() {
        String out = folder.resolve("no").toString();
        assertTrue(refusal("--method", "stam", "--out", out).contains("use stan, lora"));
        assertTrue(
                refusal("--method", "lora", "--targets", "attn.to_x", "--out", out)
                        .contains("nearest are attn.to_"));
        assertTrue(
                refusal("--method", "stan", "--features", "4", "--k", "9", "--out", out)
                        .contains("not 9"));
        assertTrue(
                refusal("--method", "lora", "--resolution", "50", "--out", out)
                        .contains("divisible by 16"));
        assertTrue(
                refusal("--method", "lora", "--weighting", "x", "--out", out).contains("use none"));
    }

    private double recorded(Path adapter, String key) {
        try (AdapterFile file = AdapterFile.open(adapter)) {
            String note = String.valueOf(file.record().orElseThrow().training().get(key));
            return Double.parseDouble(note.replaceAll("[^0-9]*([0-9]+).*", "$1"));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** With a rate that destroys, the first validation is the best, and that is what is written. */
    @Test
    void theBestValidationIsWhatIsWrittenUnlessTheLastIsAskedFor() throws IOException {
        List<String> wild =
                List.of("--method", "lora", "--steps", "6", "--lr", "100", "--validate-every", "2");
        List<String> best = new ArrayList<>(wild);
        best.addAll(List.of("--out", folder.resolve("best").toString()));
        assertEquals(0, train(best.toArray(String[]::new)));
        List<String> last = new ArrayList<>(wild);
        last.addAll(List.of("--out", folder.resolve("last").toString(), "--export", "last"));
        assertEquals(0, train(last.toArray(String[]::new)));
        double step = recorded(folder.resolve("best/adapter"), "exported");
        assertTrue(step < 6, () -> "best at " + step + text(folder.resolve("best/log.jsonl")));
        assertEquals(6, recorded(folder.resolve("last/adapter"), "exported"));
        double lowest = Double.POSITIVE_INFINITY;
        double lowestAt = 0;
        for (String line : Files.readAllLines(folder.resolve("best/log.jsonl"))) {
            com.fasterxml.jackson.databind.JsonNode node = new ObjectMapper().readTree(line);
            if (node.path("kind").asText().equals("validation")
                    && node.path("loss").asDouble() < lowest) {
                lowest = node.path("loss").asDouble();
                lowestAt = node.path("step").asDouble();
            }
        }
        assertEquals(lowestAt, step);
        Picture sheet = Picture.read(folder.resolve("best/samples/0000002.png"));
        assertEquals(48, sheet.width(), "one held-out caption");
        assertEquals(98, sheet.height(), "without and with the adapter");
    }

    @Test
    void picturesKeepTheirShapeAndMirrorWhereThatIsAskedFor() {
        Path out = folder.resolve("shapes");
        assertEquals(
                0,
                train(
                        "--method",
                        "lora",
                        "--steps",
                        "3",
                        "--buckets",
                        "--flip",
                        "--crop",
                        "random",
                        "--caption-dropout",
                        "0.5",
                        "--checkpointing",
                        "--out",
                        out.toString()));
        try (AdapterFile file = AdapterFile.open(out.resolve("adapter"))) {
            String framing = file.record().orElseThrow().training().get("framing");
            assertTrue(framing.contains("random cut"), framing);
            assertTrue(framing.contains("mirrored"), framing);
            assertTrue(framing.contains("48x48"), framing);
        }
    }

    @Test
    void aTrainingOnASmallBaseIsRecordedAndGoesOnWithTheSameBaseOnly() throws IOException {
        List<String> asked =
                List.of("--method", "stan", "--features", "16", "--k", "3", "--checkpointing");
        List<String> whole = new ArrayList<>(asked);
        whole.addAll(List.of("--quantize", "int8", "--steps", "4"));
        Path cut = folder.resolve("cut");
        assertEquals(0, train(with(whole, "--out", cut.toString())));
        try (AdapterFile file = AdapterFile.open(cut.resolve("adapter"))) {
            assertEquals("int8", file.record().orElseThrow().training().get("quantize"));
        }
        assertTrue(cut.resolve("adapter").toFile().renameTo(cut.resolve("away").toFile()));
        String other =
                refusal(with(asked, "--steps", "4", "--out", cut.toString(), "--quantize", "fp8"));
        assertTrue(other.contains("dtype fp32 of int8, now fp32 of fp8"), other);
        String none = refusal(with(asked, "--steps", "4", "--out", cut.toString()));
        assertTrue(none.contains("dtype fp32 of int8, now fp32"), none);
        assertEquals(0, train(with(whole, "--out", cut.toString())));
    }

    private static String[] with(List<String> asked, String... more) {
        return Stream.concat(asked.stream(), Arrays.stream(more)).toArray(String[]::new);
    }

    @Test
    void dataAndFoldersThatCannotWorkAreNamed() throws IOException {
        String out = folder.resolve("no").toString();
        assertTrue(
                refusal("--method", "lora", "--style", "cubism", "--out", out)
                        .contains("has no style \"cubism\"; there are noise"));
        assertTrue(
                refusal("--method", "lora", "--data", folder.toString(), "--out", out)
                        .contains("is no style collection"));
        assertTrue(
                refusal("--method", "lora", "--preset", "papyrus", "--out", out)
                        .contains("use nano, paper, plain"));
        assertTrue(
                refusal("--method", "lora", "--export", "worst", "--out", out).contains("best or"));
        assertTrue(
                refusal("--method", "lora", "--cache", collection() + "/0.png", "--out", out)
                        .contains("choose --cache"));
        Path list = collection().resolve("metadata.jsonl");
        String lines = Files.readString(list);
        Files.writeString(list, lines.replace("\"train\"", "\"test\""));
        assertTrue(refusal("--method", "lora", "--out", out).contains("all are in validation"));
        Files.writeString(list, "");
        assertTrue(refusal("--method", "lora", "--out", out).contains("no picture"));
    }

    @Test
    void aTrainingDoesNotGoOnWithOtherSettings() {
        Path out = folder.resolve("other");
        String[] asked = {"--method", "lora", "--steps", "2", "--out", out.toString()};
        assertEquals(0, train(asked));
        assertTrue(refusal(asked).contains("this training is done"));
        assertTrue(out.resolve("adapter").toFile().renameTo(out.resolve("away").toFile()));
        String other =
                refusal("--method", "lora", "--steps", "2", "--rank", "3", "--out", out.toString());
        assertTrue(other.contains("started with other settings"), other);
        assertTrue(other.contains("Lora[rank=32, now"), other);
        assertTrue(other.length() < 400, other);
    }

    @Test
    void aBudgetChoosesTheSize() {
        Path out = folder.resolve("sized");
        assertEquals(
                0,
                train(
                        "--method",
                        "stan",
                        "--match-params",
                        "20000",
                        "--steps",
                        "1",
                        "--out",
                        out.toString()));
        try (AdapterFile file = AdapterFile.open(out.resolve("adapter"))) {
            Stan stan = (Stan) file.record().orElseThrow().kind();
            assertTrue(stan.width().features() < 512, stan::toString);
        }
        Run inspected =
                Run.of(
                        "inspect",
                        out.resolve("adapter").toString(),
                        "--model",
                        Goldens.own("tiny-3.0").toString());
        assertEquals(0, inspected.code(), inspected::message);
        assertTrue(inspected.out().contains("stan, written by stan-studio"), inspected::out);
        assertTrue(inspected.out().contains("features"), inspected::out);
    }

    @Test
    void namesOfNothingAreRefusedInOneLine() {
        String[] asked = {"--method", "lora", "--steps", "1"};
        String out = folder.resolve("nothing").toString();
        String pattern = refusal(with(asked, "--out", out, "--rank-of", "to_qq=3"));
        assertTrue(pattern.contains("no module that is trained is to_qq; "), pattern);
        String style = refusal(with(asked, "--out", out, "--style", "anime,,cubism"));
        assertTrue(style.contains("an empty name stands among the styles"), style);
    }

    @Test
    void aTrainingDoesNotGoOnOnAnotherBasis() {
        Path out = folder.resolve("basis");
        List<String> asked = List.of("--method", "lora", "--steps", "2", "--out", out.toString());
        assertEquals(0, train(asked.toArray(String[]::new)));
        assertTrue(out.resolve("adapter").toFile().renameTo(out.resolve("away").toFile()));
        for (List<String> other :
                List.of(
                        List.of("--dtype", "bf16"),
                        List.of("--max-sequence-length", "13"),
                        List.of("--model", Goldens.own("tiny-3.5").toString()))) {
            List<String> args = new ArrayList<>(asked);
            args.addAll(other);
            String said = refusal(args.toArray(String[]::new));
            assertTrue(said.contains("was started with "), said);
            assertFalse(Files.exists(out.resolve("adapter")));
        }
        assertEquals(0, train(asked.toArray(String[]::new)));
    }

    @Test
    void numbersThatLeftTheFiniteOnesInTheLastStepAreNotWritten() {
        for (String method : List.of("lora", "stan")) {
            Path out = folder.resolve("diverged-" + method);
            String said =
                    refusal(
                            "--method",
                            method,
                            "--steps",
                            "1",
                            "--lr",
                            "1e300",
                            "--out",
                            out.toString());
            assertTrue(said.contains("lower the learning rate"), said);
            assertFalse(Files.exists(out.resolve("adapter")));
        }
    }

    @Test
    void twoTrainingsDoNotRunInOneFolder() {
        Path out = folder.resolve("shared");
        FolderLock held = FolderLock.of(out, "training");
        String said = refusal("--method", "lora", "--steps", "1", "--out", out.toString());
        held.close();
        assertTrue(said.contains("another training is running in"), said);
        assertFalse(Files.exists(out.resolve("checkpoint.safetensors")));
    }
}
