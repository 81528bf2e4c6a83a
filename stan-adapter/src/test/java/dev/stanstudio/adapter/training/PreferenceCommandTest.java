package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.sd3.metadata.PngText;
import dev.stanstudio.sd3.metadata.Provenance;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code train --preferences}: what it writes, and what it refuses in one line. */
class PreferenceCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final StringWriter err = new StringWriter();
    private Path votes;

    /** Twelve prompts, each with a picture of two methods; the first method wins. */
    @BeforeEach
    void drawPictures() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            for (String method : List.of("new", "old")) {
                picture(method + "/" + i + ".png", 48, i);
            }
            lines.append(line("prompt " + i, "new/" + i + ".png", "old/" + i + ".png"));
        }
        votes = folder.resolve("preferences.jsonl");
        Files.writeString(votes, lines);
    }

    private Path picture(String name, int side, int seed) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        byte[] samples = new byte[side * side * 3];
        new Random(31 * name.hashCode() + seed).nextBytes(samples);
        Picture.of(side, side, PixelMode.RGB, samples).writePng(file);
        return file;
    }

    private static String line(String prompt, String chosen, String rejected) {
        return JSON.createObjectNode()
                        .put("prompt", prompt)
                        .put("style", "")
                        .put("chosen", chosen)
                        .put("rejected", rejected)
                        .put("question", "Which picture is better?")
                + "\n";
    }

    private int train(String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--model",
                                Goldens.own("tiny-3.0").toString(),
                                "--preferences",
                                votes.toString(),
                                "--cache",
                                folder.resolve("cache").toString(),
                                "--method",
                                "lora",
                                "--rank",
                                "2",
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
                                "--steps",
                                "4",
                                "--samples",
                                "1",
                                "--validate-every",
                                "4"));
        args.addAll(Arrays.asList(more));
        return new CommandLine(new TrainCommand())
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(
                        (e, line, parsed) -> {
                            failure.set(e);
                            return 1;
                        })
                .execute(args.toArray(String[]::new));
    }

    private String refusal(String... more) {
        failure.set(null);
        List<String> args = new ArrayList<>(List.of(more));
        args.addAll(List.of("--out", folder.resolve("no").toString()));
        assertTrue(train(args.toArray(String[]::new)) != 0);
        String message = String.valueOf(failure.get().getMessage());
        assertEquals(1, message.lines().count(), message);
        assertFalse(Files.exists(folder.resolve("no").resolve("adapter")));
        return message;
    }

    private void vote(String... lines) throws IOException {
        Files.writeString(votes, String.join("", lines));
    }

    private String record(Path adapter, String key) {
        try (AdapterFile file = AdapterFile.open(adapter)) {
            return String.valueOf(file.record().orElseThrow().training().get(key));
        }
    }

    @ParameterizedTest
    @CsvSource({"lora, dpo", "stan, dpo", "lora, ipo", "lora, simpo", "lora, winner"})
    void anAdapterIsTrainedOnVotes(String method, String objective) throws IOException {
        Path out = folder.resolve(method + "-" + objective);
        List<String> args = new ArrayList<>(List.of("--method", method, "--out", out.toString()));
        args.addAll(List.of("--objective", objective, "--beta", "50"));
        if (method.equals("stan")) {
            args.addAll(List.of("--features", "12", "--k", "3"));
        }
        assertEquals(0, train(args.toArray(String[]::new)), String.valueOf(failure.get()));
        assertTrue(
                err.toString()
                        .contains(
                                "12 lines of votes on 12 pairs: 11 to train on, 1 held out; 0 ties"
                                        + " dropped"),
                err.toString());
        Path adapter = out.resolve("adapter");
        assertEquals("11", record(adapter, "pairs"));
        String loss = record(adapter, "objective");
        assertTrue(loss.contains("form=" + objective.toUpperCase(java.util.Locale.ROOT)), loss);
        assertTrue(Files.exists(out.resolve("samples/0000004.png")));
        assertTrue(Files.readString(out.resolve("log.jsonl")).contains("\"validation\""));
    }

    @Test
    void textEncodersLearnFromVotesToo() {
        Path out = folder.resolve("texts");
        int code = train("--out", out.toString(), "--text-encoders", "clip-l");
        assertEquals(0, code, String.valueOf(failure.get()));
        assertEquals("clip-l", record(out.resolve("adapter"), "text_encoders"));
    }

    /** The result follows from the votes, wherever their pictures lie. */
    @Test
    void aTrainingGoesOnFromAnAdapterAndFindsPicturesElsewhere() {
        Path first = folder.resolve("first");
        assertEquals(0, train("--out", first.toString()), String.valueOf(failure.get()));
        Path second = folder.resolve("second");
        String start = first.resolve("adapter").toString();
        int code = train("--out", second.toString(), "--start", start, "--seed", "2");
        assertEquals(0, code, String.valueOf(failure.get()));
        assertTrue(record(second.resolve("adapter"), "start").contains("hash "));
        Path moved = folder.resolve("elsewhere/votes.jsonl");
        try {
            Files.createDirectories(moved.getParent());
            Files.move(votes, moved);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        votes = moved;
        assertTrue(refusal().contains("24 of 24 pictures of"), "missing");
        Path third = folder.resolve("third");
        assertEquals(
                0,
                train("--out", third.toString(), "--pictures", folder.toString()),
                String.valueOf(failure.get()));
        requireSame(first.resolve("adapter"), third.resolve("adapter"));
    }

    private static void requireSame(Path first, Path second) {
        try (AdapterFile one = AdapterFile.open(first);
                AdapterFile other = AdapterFile.open(second);
                Scope scope = Scope.open("compared")) {
            assertEquals(one.modules().keySet(), other.modules().keySet());
            for (String module : one.modules().keySet()) {
                for (String name : List.of("lora_A.weight", "lora_B.weight")) {
                    assertArrayEquals(
                            one.openFinite(scope, module, name).toFloats(),
                            other.openFinite(scope, module, name).toFloats(),
                            module);
                }
            }
        }
    }

    @Test
    void votesThatTeachNothingAreRefused() throws IOException {
        vote("");
        assertTrue(refusal().contains("has no votes"), "empty");
        vote(line("a", "new/1.png", "old/1.png"), line("a", "old/1.png", "new/1.png"));
        assertTrue(refusal().contains("all 1 pairs of"), "ties");
        vote("{\"model_a\": \"x\", \"model_b\": \"y\", \"winner\": \"model_a\"}\n");
        assertTrue(refusal().contains("line 1 names methods and no pictures"), "arena");
        vote(line("a", "new/1.png", "old/1.png"), "nonsense\n");
        assertTrue(refusal().contains("line 2 is no JSON"), "no JSON");
        vote("{\"prompt\": \"a\", \"chosen\": \"new/1.png\"}\n");
        assertTrue(refusal().contains("line 1 has no text \"rejected\""), "no key");
        vote(line("a", "new/1.png", "new/1.png"));
        assertTrue(refusal().contains("with itself"), "itself");
        vote(
                line("a", "new/1.png", "old/1.png"),
                line("a", "new/1.png", "old/1.png").replace("better", "closer"));
        assertTrue(refusal().contains("answers 2 questions; choose one with --question"), "two");
        assertTrue(refusal("--question", "?").contains("has no votes on '?'"), "none");
    }

    @Test
    void picturesThatCannotBeComparedAreRefused() throws IOException {
        vote(line("a", "new/1.png", "new/99.png"));
        assertTrue(refusal().contains("1 of 2 pictures of"), "missing");
        picture("old/2.png", 64, 1);
        vote(line("a", "new/2.png", "old/2.png"));
        String size = refusal();
        assertTrue(size.contains("new/2.png is 48x48 and"), size);
        assertTrue(size.contains("old/2.png is 64x64; both pictures of a pair"), size);
    }

    @Test
    void picturesOfAnotherModelAreRefusedUnlessAskedFor() throws IOException {
        Path drawn = folder.resolve("new/3.png");
        Provenance record =
                new Provenance(
                        GenerationRequest.of("prompt 3", 1, new ModelDefaults(48, 48, 2, 4, 77)),
                        new Provenance.ModelIdentity("sd3-other", "0".repeat(64), null),
                        new Provenance.EngineIdentity("2.7.1", "cpu", "fp32", 1, null),
                        "1",
                        List.of());
        PngText.write(
                drawn,
                Picture.read(drawn),
                Map.of(Provenance.KEYWORD, JSON.writeValueAsString(record)));
        String message = refusal();
        assertTrue(message.contains("was drawn by the model sd3-other, and tiny-3.0"), message);
        Path out = folder.resolve("any");
        assertEquals(
                0, train("--any-model", "--out", out.toString()), String.valueOf(failure.get()));
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefused() throws IOException {
        assertTrue(refusal("--data", folder.toString()).contains("do not go with"), "data");
        assertTrue(refusal("--crop", "random").contains("do not go with"), "crop");
        assertTrue(refusal("--weighting", "cosmap").contains("--weighting does not"), "weighting");
        assertTrue(refusal("--margin", "1").contains("--objective simpo alone"), "margin");
        assertTrue(refusal("--objective", "kto").contains("use dpo, ipo"), "objective");
        assertTrue(refusal("--strength", "x").contains("majority or votes"), "strength");
        assertTrue(refusal("--ties", "x").contains("drop or both"), "ties");
        assertTrue(refusal("--validate-share", "1").contains("less than 1"), "share");
        Files.delete(votes);
        assertTrue(refusal("--loss", "huber").contains("--loss does not go with"), "loss");
    }
}
