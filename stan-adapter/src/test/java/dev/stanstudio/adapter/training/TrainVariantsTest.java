package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.AdamW;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses, masks, priors, LoRA+, what is left out and the presets of {@code train}. */
class TrainVariantsTest {
    private static final float[] ERRORS = {0.5f, -0.02f, 3, 0};

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

    private Map<String, String> record(String out) {
        try (AdapterFile file = AdapterFile.open(folder.resolve(out + "/adapter"))) {
            return file.record().orElseThrow().training();
        }
    }

    private List<JsonNode> log(String out) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(out + "/log.jsonl"))) {
            rows.add(new ObjectMapper().readTree(line));
        }
        return rows;
    }

    private static double loss(Penalty penalty, Emphasis emphasis, double sigma) {
        FlowObjective objective = new FlowObjective(false, FlowObjective.Weighting.NONE, penalty);
        try (Scope scope = Scope.open("loss")) {
            Tensor error = Tensors.of(scope, ERRORS, 1, 1, 2, 2);
            Tensor zero = Tensors.zeros(scope, new long[] {1, 1, 2, 2}, DType.FP32, Device.CPU);
            double[] sigmas = {sigma};
            Objective.Answer answer = new Objective.Answer(error, null, zero, zero, zero, emphasis);
            return objective.loss(scope, answer, sigmas).toFloats()[0];
        }
    }

    /** The formulas of sd-scripts, in double precision. */
    @ParameterizedTest
    @CsvSource({
        "HUBER, CONSTANT, 0.3", "HUBER, EXPONENTIAL, 0.3",
        "SMOOTH_L1, CONSTANT, 0.1", "SMOOTH_L1, EXPONENTIAL, 0.1",
        "L1, CONSTANT, 0.1", "L2, CONSTANT, 0.1"
    })
    void lossesCountErrorsAsSdScriptsDoes(
            Penalty.Form form, Penalty.Schedule schedule, double delta) {
        double sigma = 0.4;
        double d =
                schedule == Penalty.Schedule.CONSTANT
                        ? delta
                        : Math.exp(Math.log(delta) * sigma * 1000 / 1000);
        double sum = 0;
        for (float e : ERRORS) {
            double pseudo = 2 * (Math.sqrt((double) e * e + d * d) - d);
            sum +=
                    switch (form) {
                        case L2 -> (double) e * e;
                        case L1 -> Math.abs(e);
                        case HUBER -> d * pseudo;
                        case SMOOTH_L1 -> pseudo;
                    };
        }
        double own = loss(new Penalty(form, schedule, delta), Emphasis.NONE, sigma);
        System.out.println(form + " differs by " + Math.abs(own - sum / 4));
        assertEquals(sum / 4, own, 1e-6);
    }

    @Test
    void masksAndRowsScaleWhatPlacesCount() {
        try (Scope scope = Scope.open("mask")) {
            Tensor mask = Tensors.of(scope, new float[] {0.5f, 1, 0, 1}, 1, 1, 2, 2);
            double wanted = 3 * (0.5 * 0.25 + 0.0004) / 4;
            assertEquals(
                    wanted,
                    loss(Penalty.SQUARE, new Emphasis(List.of(3.0), List.of(mask)), 0.5),
                    1e-6);
        }
    }

    @Test
    void loraPlusMovesOutputsFasterThanInputs() {
        Lora kind = Lora.of(2, 2);
        try (TinyTraining tiny = new TinyTraining(folder, kind, DType.FP32, 4, 1);
                AdapterStep step = stepOf(tiny, new StepVariants(4, 0, 0));
                Scope scope = Scope.open("batch")) {
            step.step(tiny.batch(scope, 1), 1e-3);
            double largest = 0;
            for (Map.Entry<String, Tensor> entry : tiny.adapter.parameters().byName().entrySet()) {
                if (entry.getKey().contains("lora_B")) {
                    for (float value : entry.getValue().toFloats()) {
                        largest = Math.max(largest, Math.abs(value));
                    }
                }
            }
            // Adam's first step is the learning rate.
            assertEquals(4e-3, largest, 1e-6);
        }
    }

    private static AdapterStep stepOf(TinyTraining tiny, StepVariants variants) {
        return new AdapterStep(
                tiny.transformer,
                tiny.adapter,
                new AdapterStep.Settings(
                        TinyTraining.VELOCITY,
                        AdamW.Settings.DEFAULTS,
                        100,
                        4,
                        1,
                        false,
                        variants,
                        1,
                        null));
    }

    @Test
    void droppedRanksFollowFromSeedAndStepAlone() {
        Lora kind = Lora.of(4, 4);
        try (TinyTraining tiny = new TinyTraining(folder, kind, DType.FP32, 4, 1);
                AdapterParameters gated =
                        tiny.adapter.withDropout(
                                tiny.source.transformerConfig().numLayers(),
                                Device.CPU,
                                new StepVariants(1, 0.5, 0),
                                null);
                RankDropout first = new RankDropout(gated, 0.5, 7);
                RankDropout second = new RankDropout(gated, 0.5, 7);
                RankDropout other = new RankDropout(gated, 0.5, 8)) {
            List<Float> chosen = gates(first, 3, gated);
            assertTrue(chosen.contains(0f) && chosen.contains(2f), chosen::toString);
            assertEquals(2, chosen.stream().distinct().count());
            assertEquals(chosen, gates(second, 3, gated));
            assertNotEquals(chosen, gates(second, 4, gated));
            assertNotEquals(chosen, gates(other, 3, gated));
            for (Tensor gate : gated.states().values()) {
                assertArrayEquals(new float[] {1, 1, 1, 1}, gate.toFloats());
            }
        }
    }

    @Test
    void droppedInputsFollowFromSeedAndStepAlone() {
        try (TinyTraining tiny = new TinyTraining(folder, Lora.of(4, 4), DType.FP32, 4, 1);
                AdapterParameters some =
                        tiny.adapter.withDropout(
                                tiny.source.transformerConfig().numLayers(),
                                Device.CPU,
                                new StepVariants(1, 0, 0.25),
                                null);
                InputDropout first = new InputDropout(some, 0.25, 7);
                InputDropout second = new InputDropout(some, 0.25, 7);
                InputDropout other = new InputDropout(some, 0.25, 8)) {
            List<List<Float>> chosen = seeds(first, 3, some);
            assertEquals(tiny.adapter.modules().size(), chosen.stream().distinct().count());
            assertTrue(chosen.stream().allMatch(three -> three.get(2) == 0.25f));
            assertEquals(chosen, seeds(second, 3, some));
            assertNotEquals(chosen, seeds(second, 4, some));
            assertNotEquals(chosen, seeds(other, 3, some));
            for (Tensor dropout : some.placed().dropouts()) {
                assertArrayEquals(new float[3], dropout.toFloats());
            }
        }
    }

    private static List<List<Float>> seeds(
            InputDropout dropout, long number, AdapterParameters some) {
        List<List<Float>> values = new ArrayList<>();
        dropout.during(
                number,
                () ->
                        some.placed()
                                .dropouts()
                                .forEach(
                                        one -> {
                                            float[] three = one.toFloats();
                                            values.add(List.of(three[0], three[1], three[2]));
                                        }));
        return values;
    }

    /** With blocks computed once or twice, and for a kind that is given as a change. */
    @ParameterizedTest
    @CsvSource({"lora", "dora", "adalora"})
    void someInputsAreLeftOutInStepsAlone(String kind) throws IOException {
        String[] some = {"--method", kind, "--adapter-dropout", "0.5", "--lr", "0.01"};
        assertEquals("", train("plain", "--method", kind, "--lr", "0.01"));
        assertEquals("", train("some", some));
        assertEquals("", train("same", some));
        assertEquals("", train("twice", with(some, "--checkpointing")));
        assertArrayEquals(bytes("some"), bytes("same"));
        assertFalse(Arrays.equals(bytes("plain"), bytes("some")), "nothing is left out");
        assertTrue(record("some").getOrDefault("variants", "").contains("inputDropout=0.5"));
        List<JsonNode> once = log("some");
        List<JsonNode> twice = log("twice");
        for (int i = 0; i < once.size(); i++) {
            assertEquals(
                    once.get(i).path("loss").asDouble(),
                    twice.get(i).path("loss").asDouble(),
                    1e-5);
        }
    }

    private static List<Float> gates(RankDropout dropout, long number, AdapterParameters gated) {
        List<Float> values = new ArrayList<>();
        dropout.during(
                number,
                () -> {
                    for (Tensor gate : gated.states().values()) {
                        for (float value : gate.toFloats()) {
                            values.add(value);
                        }
                    }
                });
        return values;
    }

    @Test
    void variantsTrainTogetherAndAreRecorded() {
        String[] all = {
            "--rank-dropout",
            "0.5",
            "--lora-plus-ratio",
            "16",
            "--loss",
            "huber",
            "--huber-schedule",
            "exponential",
            "--prior-data",
            new TrainedCommand(folder, "tiny-3.0").collection("known", 3, 60).toString()
        };
        assertEquals("", train("light", with(all, "--prior-weight", "0.5")));
        assertTrue(record("light").get("prior").endsWith("weight 0.5"));
        assertTrue(record("light").get("objective").contains("HUBER"));
        assertEquals(
                "StepVariants[outputRate=16.0, rankDropout=0.5]", record("light").get("variants"));
        assertEquals("", train("same", with(all, "--prior-weight", "0.5")));
        assertArrayEquals(bytes("light"), bytes("same"));
        assertEquals("", train("heavy", with(all, "--prior-weight", "50")));
        assertFalse(Arrays.equals(bytes("light"), bytes("heavy")), "the weight does nothing");
    }

    private static String[] with(String[] options, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(options));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    /** The tensors' bytes alone; what is before them tells how they were trained. */
    private byte[] bytes(String out) {
        try {
            byte[] file =
                    Files.readAllBytes(folder.resolve(out + "/adapter/adapter_model.safetensors"));
            int header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
            return Arrays.copyOfRange(file, 8 + header, file.length);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A place that is black is not learned at all; what is white everywhere is learned as ever. */
    @Test
    void masksSayWhatIsLearned() throws IOException {
        Path black = masks("black", 0);
        Path white = masks("white", 255);
        assertEquals("", train("plain"));
        assertEquals("", train("white-run", "--masked-loss", white.toString()));
        assertEquals("", train("black-run", "--masked-loss", black.toString()));
        for (JsonNode row : log("black-run")) {
            assertEquals(0, row.get("loss").asDouble());
        }
        assertArrayEquals(bytes("plain"), bytes("white-run"));
        assertEquals(black.toString(), record("black-run").get("masked_loss"));
    }

    private Path masks(String name, int value) throws IOException {
        Path masks = Files.createDirectories(folder.resolve(name));
        for (int i = 0; i < 4; i++) {
            byte[] samples = new byte[60 * 50 * 3];
            Arrays.fill(samples, (byte) value);
            Picture.of(60, 50, PixelMode.RGB, samples).writePng(masks.resolve(i + ".png"));
        }
        return masks;
    }

    /** The picture is read upright, so its opacity is too. */
    @Test
    void opacityIsTurnedWithItsPicture() throws IOException {
        byte[] rgba = new byte[16 * 8 * 4];
        rgba[3] = (byte) 255;
        Path file = folder.resolve("turned.png");
        Picture.of(16, 8, PixelMode.RGBA, rgba).writePng(file);
        Files.write(file, upsideDown(Files.readAllBytes(file)));
        StyleItem item =
                new StyleItem(
                        "turned.png",
                        new Labels(List.of("noise"), null, "noise", null, null, null, null),
                        Sha256.ofFile(file),
                        16,
                        8,
                        "turned.png",
                        null);
        Picture mask = new PictureMask(null).grey(file, item);
        assertEquals(0, mask.sample(0, 0, 0));
        assertEquals(255, mask.sample(15, 7, 0));
    }

    /** Returns the PNG with an EXIF orientation of 3 behind its header. */
    private static byte[] upsideDown(byte[] png) {
        byte[] exif =
                HexFormat.of().parseHex("4d4d002a00000008000101120003000000010003000000000000");
        byte[] type = "eXIf".getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(type);
        crc.update(exif);
        int header = 33;
        return ByteBuffer.allocate(png.length + exif.length + 12)
                .put(png, 0, header)
                .putInt(exif.length)
                .put(type)
                .put(exif)
                .putInt((int) crc.getValue())
                .put(png, header, png.length - header)
                .array();
    }

    @Test
    void picturesWithoutAFittingMaskAreRefused() throws IOException {
        Path masks = masks("some", 255);
        Files.delete(masks.resolve("1.png"));
        String told = train("a", "--masked-loss", masks.toString());
        assertTrue(told.contains("1.png has no mask"), told);
        Picture.of(3, 2, PixelMode.RGB, new byte[18]).writePng(masks.resolve("1.png"));
        told = train("b", "--masked-loss", masks.toString());
        assertTrue(told.contains("is 3 x 2, its picture 60 x 50"), told);
        told = train("c", "--masked-loss", "alpha");
        assertTrue(told.contains("has no alpha channel"), told);
    }

    @Test
    void numbersBeyond32BitsAreRefusedByTheirNames() {
        assertRefused(
                "--prior-weight is 1.0E300, too large",
                "--prior-data",
                "data",
                "--prior-weight",
                "1e300");
        assertRefused("--huber-delta is", "--loss", "huber", "--huber-delta", "1e300");
        assertRefused("too small a number", "--loss", "huber", "--huber-delta", "1e-30");
        assertRefused(
                "--optimizer-options: d0 is 1.0E300, too large",
                "--optimizer",
                "prodigy",
                "--optimizer-options",
                "d0=1e300");
    }

    /** A mask of latents is the mean of its pixels. */
    @Test
    void masksAreAveragedToLatents() {
        byte[] samples = new byte[16 * 8 * 3];
        for (int i = 0; i < 4 * 3; i++) {
            samples[i] = (byte) 255;
        }
        try (Scope scope = Scope.open("mask")) {
            Picture mask = Picture.of(16, 8, PixelMode.RGB, samples);
            assertArrayEquals(
                    new float[] {4f / 64, 0}, PictureMask.latents(scope, mask).toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({"sd3.5-medium, 1.0E-4", "sd3.5-large, 1.0E-5"})
    void presetsOfSd35TrainWithTheirStableSettings(String preset, String rate) {
        String told = new TrainedCommand(folder, "tiny-3.5").train("out", "--preset", preset);
        assertEquals("", told);
        Map<String, String> notes = record("out");
        assertEquals(rate + " constant", notes.get("learning_rate"));
        assertTrue(notes.getOrDefault("optimizer", "").contains("clip=0.1"), notes::toString);
        assertTrue(notes.getOrDefault("objective", "").contains("preconditioned=false"));
        assertTrue(notes.getOrDefault("levels", "").contains("density=UNIFORM"));
        assertTrue(notes.getOrDefault("levels", "").contains("shift=1.0"), notes::toString);
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedBeforeAFolderIsMade() {
        assertRefused("no loss is called 'l3'; use l2, l1, huber or smooth-l1", "--loss", "l3");
        assertRefused("takes no --huber-schedule", "--huber-delta", "0.2");
        assertRefused("flow models lack", "--loss", "huber", "--huber-schedule", "snr");
        assertRefused(
                "--huber-delta must be above 0, not -1.0",
                "--loss",
                "huber",
                "--huber-delta",
                "-1");
        assertRefused("--rank-dropout must be at least 0", "--rank-dropout", "1");
        assertRefused("--adapter-dropout must be at least 0", "--adapter-dropout", "1");
        assertRefused("loha takes all its inputs", "--method", "loha", "--adapter-dropout", "0.1");
        assertRefused("--lora-plus-ratio must be above 0", "--lora-plus-ratio", "0");
        assertRefused(
                "prodigy has one learning rate",
                "--optimizer",
                "prodigy",
                "--lora-plus-ratio",
                "16");
        assertRefused(
                "sparse has no matrix of outputs", "--method", "sparse", "--lora-plus-ratio", "16");
        assertRefused("stan has no plain ranks", "--method", "stan", "--rank-dropout", "0.1");
        assertRefused("--prior-weight needs --prior-data", "--prior-weight", "1");
        assertRefused("is no folder", "--masked-loss", folder.resolve("nowhere").toString());
        assertRefused("--shift must be above 0", "--shift", "0");
        assertRefused(
                "leave --buckets out",
                "--buckets",
                "--prior-data",
                new TrainedCommand(folder, "tiny-3.0").collection("known", 3, 60).toString());
    }
}
