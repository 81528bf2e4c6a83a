package dev.stanstudio.scoring.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.PngChunk;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.FeatureRequest;
import dev.stanstudio.scoring.compute.FeatureResult;
import dev.stanstudio.scoring.compute.LocalExtractor;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.metric.ClipScore;
import dev.stanstudio.scoring.metric.ReferenceSimilarity;
import dev.stanstudio.scoring.report.Report;
import dev.stanstudio.scoring.vision.ClipModel;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.ImageTower;
import dev.stanstudio.scoring.vision.PositionRule;
import dev.stanstudio.scoring.vision.TowerId;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthFolder;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whole scorings of drawn pictures by the CLIP that comes with the program. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScoringTest {
    private static final Path CLIP = Path.of("models", "clip-nano");
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final List<ArtStyle> STYLES = List.of(ArtStyle.UKIYO_E, ArtStyle.IMPASTO);
    private static final ScoreSettings SETTINGS = new ScoreSettings(4, 20, 10, 50, 200, 0, "");
    private static final int EACH = 6;

    @TempDir static Path shared;
    private Path references = Path.of("");
    private Path pictures = Path.of("");
    private Towers towers;

    /** A listener that stops after some pictures, as a killed program would. */
    private record Killer(long after) implements ScoreListener {
        @Override
        public void onStage(String what, long total) {}

        @Override
        public void onDone(long done) {
            if (done > after) {
                throw new CancellationException("killed");
            }
        }
    }

    private static final ScoreListener SILENT = new Killer(Long.MAX_VALUE);

    @BeforeAll
    void draw() throws IOException {
        towers = Towers.open(Map.of(TowerKind.CLIP, CLIP), FP32, s -> s, PositionRule.TARGET_SIZE);
        SynthSpec spec = new SynthSpec(64, List.of(SceneKind.values()), STYLES);
        references = shared.resolve("references");
        new SynthFolder(references, new SynthCollection(spec), 5).write(40, 1, done -> {});
        pictures = Files.createDirectories(shared.resolve("pictures"));
        List<String> lines = new ArrayList<>();
        SynthCollection drawn = new SynthCollection(spec);
        for (ArtStyle style : STYLES) {
            for (int i = 0; i < EACH; i++) {
                // The method "plain" ignores the style that it is asked for.
                for (ArtStyle painted : List.of(style, ArtStyle.PLAIN)) {
                    SynthItem item = drawn.item(9, i, painted);
                    String method = painted == style ? "styled" : "plain";
                    String file = method + "-" + style.id() + i + ".png";
                    item.picture().writePng(pictures.resolve(file));
                    lines.add(
                            String.format(
                                    "{\"file\":\"%s\",\"method\":\"%s\",\"style\":\"%s\","
                                            + "\"prompt\":\"%s\",\"seed\":%d}",
                                    file,
                                    method,
                                    style.words(),
                                    item.content() + ", in the style of " + style.words(),
                                    i));
                }
            }
        }
        Files.write(pictures.resolve("manifest.jsonl"), lines, StandardCharsets.UTF_8);
        run(pictures, references, "warm-up", SILENT, new ArrayList<>());
    }

    @AfterAll
    void close() {
        towers.close();
    }

    private Scoring.Outcome run(
            Path path,
            @Nullable Path real,
            String cache,
            ScoreListener listener,
            List<ScoredPicture> rows) {
        PictureList list = PictureList.open(path, new PictureList.Defaults("mine", null));
        try (FeatureCache features = FeatureCache.open(shared.resolve(cache))) {
            return new Scoring(towers, features, SETTINGS, listener)
                    .run(List.of(list), real, null, rows::add);
        }
    }

    @Test
    void numbersAreThoseOfTheMetrics() {
        List<ScoredPicture> rows = new ArrayList<>();
        Result result = run(pictures, references, "plain", SILENT, rows).result();
        assertEquals(4 * EACH, result.pictures());
        assertTrue(result.problems().isEmpty(), result.problems().toString());
        try (ClipModel clip = ClipModel.open(CLIP, FP32)) {
            for (ScoredPicture row : rows) {
                Picture picture = Picture.read(pictures.resolve(row.listed().file()));
                float[][] image = clip.images().embed(List.of(picture));
                float[][] text = clip.embed(List.of(String.valueOf(row.listed().prompt())));
                double cosine = ClipScore.clipT(image, text)[0];
                assertEquals(cosine, row.scores().get("clip_t"), 1e-5);
                assertEquals(2.5 * Math.max(cosine, 0), row.scores().get("clip_s"), 3e-5);
            }
            ScoredPicture first = rows.get(0);
            ReferenceSet set = ReferenceSet.read(references, 20, 10);
            List<Picture> real =
                    set.references().get(first.listed().style()).stream()
                            .map(item -> Picture.read(set.file(item)))
                            .toList();
            float[][] image =
                    clip.images()
                            .embed(List.of(Picture.read(pictures.resolve(first.listed().file()))));
            assertEquals(
                    ReferenceSimilarity.of(image, clip.images().embed(real)).allPairs(),
                    first.scores().get("clip_i_style"),
                    1e-5);
        }
    }

    @Test
    void theStyledMethodIsNearerToTheStyle() {
        Scoring.Outcome outcome = run(pictures, references, "plain", SILENT, new ArrayList<>());
        Result result = outcome.result();
        Result.Mean styled = result.number("clip_i_style", "styled", null);
        Result.Mean plain = result.number("clip_i_style", "plain", null);
        System.out.println(styled.estimate() + ", " + plain.estimate());
        assertTrue(styled.estimate().low() > plain.estimate().value());
        assertEquals(2 * EACH, styled.estimate().n());
        Result.Mean ukiyo = result.number("clip_i_style", "styled", "ukiyo e");
        assertNotNull(ukiyo.floor());
        assertTrue(ukiyo.floor().value() < ukiyo.ceiling().value());
        assertTrue(ukiyo.position() > 0.5, "position " + ukiyo.position());
        assertNotNull(result.number("kid_clip", "styled", "impasto"));
        assertNotNull(result.number("cmmd", "styled", "impasto").estimate().low());
        assertNotNull(result.number("diversity_clip", "plain", "impasto"));
        Result.Difference all =
                result.differences().stream()
                        .filter(d -> d.metric().equals("clip_i_style") && d.style() == null)
                        .findFirst()
                        .orElseThrow();
        assertEquals(2 * EACH, all.estimate().n());
        assertTrue(all.p() < 0.01, "p " + all.p());
        long right =
                result.confusion().stream()
                        .filter(c -> c.method().equals("styled") && c.wanted().equals(c.seen()))
                        .mapToLong(Result.Confusion::count)
                        .sum();
        assertTrue(right >= 2 * EACH - 2, right + " right");
        result.definitions()
                .forEach(
                        d -> {
                            assertEquals(64, d.fingerprint().length());
                            assertTrue(d.preprocessing().startsWith("rgb"), d.preprocessing());
                        });
    }

    @Test
    void referencesThatATrainingReadAreSaid() {
        Result.References real =
                run(pictures, references, "plain", SILENT, new ArrayList<>()).result().references();
        assertEquals(List.of("all"), real.parts());
        long all = real.styles().values().stream().mapToLong(Result.Real::references).sum();
        assertEquals(all, real.trained(), "without parts all may be trained on");
    }

    @Test
    void placesBetweenFloorAndCeilingHaveIntervals() {
        Result result = run(pictures, references, "plain", SILENT, new ArrayList<>()).result();
        Result.Mean ukiyo = result.number("clip_i_style", "styled", "ukiyo e");
        double reach = ukiyo.ceiling().value() - ukiyo.floor().value();
        assertEquals(ukiyo.position(), ukiyo.place().value());
        assertEquals(
                (ukiyo.estimate().low() - ukiyo.floor().value()) / reach,
                ukiyo.place().low(),
                1e-12);
        Result.Mean impasto = result.number("clip_i_style", "styled", "impasto");
        Result.Mean over =
                result.numbers().stream()
                        .filter(n -> n.metric().equals("clip_i_style") && n.style() == null)
                        .filter(n -> n.method().equals("styled") && n.over().equals("styles"))
                        .findFirst()
                        .orElseThrow();
        assertEquals((ukiyo.position() + impasto.position()) / 2, over.position(), 1e-12);
        assertTrue(over.place().low() < over.position() && over.position() < over.place().high());
    }

    @Test
    void killedItGoesOnAndGivesTheSame() {
        List<ScoredPicture> whole = new ArrayList<>();
        Result unbroken = run(pictures, references, "whole", SILENT, whole).result();
        assertThrows(
                CancellationException.class,
                () -> run(pictures, references, "killed", new Killer(9), new ArrayList<>()));
        List<ScoredPicture> resumed = new ArrayList<>();
        Scoring.Outcome after = run(pictures, references, "killed", SILENT, resumed);
        assertEquals(whole, resumed);
        assertEquals(ResultJson.text(unbroken), ResultJson.text(after.result()));
        Scoring.Outcome again = run(pictures, references, "killed", SILENT, new ArrayList<>());
        assertEquals(0, again.computed(), "everything is known");
    }

    /** Changes files between the hashing and the reading of pictures, as another program may. */
    private static final class Meddler implements FeatureExtractor {
        private final FeatureExtractor real;
        private final Path changed;
        private final byte[] other;

        Meddler(FeatureExtractor real, Path changed, byte[] other) {
            this.real = real;
            this.changed = changed;
            this.other = other;
        }

        @Override
        public int filesAtOnce() {
            return real.filesAtOnce();
        }

        @Override
        public int batchesAhead() {
            return real.batchesAhead();
        }

        @Override
        public List<String> hashes(List<Path> files) {
            try {
                for (Path file : files) {
                    if (file.endsWith("gone.png")) {
                        Files.delete(file);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return real.hashes(files);
        }

        @Override
        public FeatureRequest request(Path file, boolean lasting, Set<TowerKind> wanted) {
            return real.request(file, lasting, wanted);
        }

        @Override
        public Future<List<FeatureResult>> extract(List<FeatureRequest> batch) {
            try {
                Files.write(changed, other);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return real.extract(batch);
        }

        @Override
        public void close() {
            real.close();
        }
    }

    @Test
    void whatChangesOrGoesMeanwhileIsNamedAndNoOtherPicturesFeaturesAreKept() throws IOException {
        Path moving = Files.createDirectories(shared.resolve("moving"));
        byte[] before = Files.readAllBytes(pictures.resolve("styled-impasto0.png"));
        byte[] after = Files.readAllBytes(pictures.resolve("styled-ukiyo-e0.png"));
        Files.write(moving.resolve("changed.png"), before);
        Files.write(moving.resolve("gone.png"), after);
        Files.copy(pictures.resolve("styled-impasto1.png"), moving.resolve("kept.png"));
        List<String> lines = new ArrayList<>();
        for (String name : List.of("changed", "gone", "kept")) {
            lines.add("{\"file\":\"%s.png\",\"prompt\":\"a house\"}".formatted(name));
        }
        Files.write(moving.resolve("manifest.jsonl"), lines);
        PictureList list = PictureList.open(moving, new PictureList.Defaults("mine", null));
        FeatureExtractor meddler =
                new Meddler(
                        new LocalExtractor(towers.images()), moving.resolve("changed.png"), after);
        List<ScoredPicture> rows = new ArrayList<>();
        try (FeatureCache features = FeatureCache.open(shared.resolve("meddled"))) {
            Result result =
                    new Scoring(towers, features, meddler, SETTINGS, SILENT)
                            .run(List.of(list), null, null, rows::add)
                            .result();
            assertEquals(1, result.pictures());
            assertEquals(Map.of("lie", 1L, "unreadable", 1L), result.problemCounts());
        }
        Files.write(moving.resolve("changed.png"), before);
        rows.clear();
        run(moving, null, "meddled", SILENT, rows);
        List<ScoredPicture> fresh = new ArrayList<>();
        run(moving, null, "unmeddled", SILENT, fresh);
        assertEquals("changed.png", rows.get(0).listed().file());
        assertEquals(fresh.get(0).scores().get("clip_t"), rows.get(0).scores().get("clip_t"), 1e-5);
    }

    @Test
    void whatIsWrongIsCountedAndNamed() throws IOException {
        Path bad = Files.createDirectories(shared.resolve("bad"));
        Files.copy(pictures.resolve("styled-impasto0.png"), bad.resolve("good.png"));
        Files.copy(pictures.resolve("styled-impasto1.png"), bad.resolve("lie.png"));
        Files.write(bad.resolve("broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
        Picture.read(bad.resolve("good.png")).crop(0, 0, 48, 32).writePng(bad.resolve("small.png"));
        Files.write(
                bad.resolve("moving.png"), animated(Files.readAllBytes(bad.resolve("good.png"))));
        Picture good = Picture.read(bad.resolve("good.png")).crop(0, 0, 32, 32);
        byte[] clear = new byte[32 * 32 * 2];
        Arrays.fill(clear, (byte) 100);
        Picture.of(32, 32, PixelMode.GREY_ALPHA, clear).writePng(bad.resolve("clear.png"));
        byte[] exif =
                HexFormat.of().parseHex("4d4d002a00000008000101120003000000010006000000000000");
        PngFile.write(bad.resolve("turned.png"), good, List.of(new PngChunk("eXIf", exif)));
        String prompt = "a house, ".repeat(60);
        Files.writeString(
                bad.resolve("manifest.jsonl"),
                String.join(
                        "\n",
                        "{\"file\":\"good.png\",\"style\":\"impasto\",\"prompt\":\""
                                + prompt
                                + "\"}",
                        "{\"file\":\"lie.png\",\"sha256\":\"" + "0".repeat(64) + "\"}",
                        "{\"file\":\"broken.png\"}",
                        "{\"file\":\"moving.png\"}",
                        "{\"file\":\"gone.png\"}",
                        "{\"file\":\"clear.png\",\"seed\":7}",
                        "{\"file\":\"turned.png\",\"seed\":8}",
                        "{\"file\":\"small.png\",\"style\":\"dada\",\"prompt\":\"a house\"}",
                        "{\"file\":\"small.png\"}",
                        "{\"file\":\"small.png\"}",
                        "nonsense"));
        Result result = run(bad, references, "bad-cache", SILENT, new ArrayList<>()).result();
        assertEquals(5, result.pictures());
        Map<String, Long> counts = result.problemCounts();
        assertEquals(1, counts.get("transparent"));
        assertEquals(1, counts.get("turned"));
        System.out.println(counts);
        for (Problem.Kind kind :
                List.of(
                        Problem.Kind.HASH_MISMATCH,
                        Problem.Kind.UNREADABLE,
                        Problem.Kind.ANIMATED,
                        Problem.Kind.MISSING,
                        Problem.Kind.NO_REFERENCES,
                        Problem.Kind.NO_STYLE,
                        Problem.Kind.NO_PROMPT,
                        Problem.Kind.PROMPT_CUT,
                        Problem.Kind.BAD_LINE,
                        Problem.Kind.REPEATED,
                        Problem.Kind.TOO_FEW,
                        Problem.Kind.MIXED_SIZES,
                        Problem.Kind.TRANSPARENT,
                        Problem.Kind.TURNED)) {
            String name = kind.key();
            assertTrue(counts.getOrDefault(name, 0L) >= 1, name + " in " + counts);
            assertTrue(
                    result.problems().stream().anyMatch(p -> p.kind() == kind), name + " is named");
        }
    }

    /** A tower whose numbers overflow for the first picture of every batch. */
    private record Overflowing(ImageTower tower) implements ImageTower {
        @Override
        public TowerId id() {
            return tower.id();
        }

        @Override
        public int dimensions() {
            return tower.dimensions();
        }

        @Override
        public Tensor features(Scope owner, Tensor pixels) {
            Tensor features = tower.features(owner, pixels);
            float[] values = features.toFloats();
            values[0] = Float.NaN;
            return Tensors.of(owner, values, features.size(0), features.size(1));
        }
    }

    @Test
    void numbersThatAreNoneAreInNoMean() {
        PictureList list = PictureList.open(pictures, new PictureList.Defaults("mine", null));
        try (ClipModel clip = ClipModel.open(CLIP, FP32);
                FeatureCache features = FeatureCache.open(shared.resolve("overflow"))) {
            ImageEmbedder overflowing =
                    new ImageEmbedder(new Overflowing(clip.vision()), clip.preprocessing());
            LocalExtractor maker = new LocalExtractor(Map.of(TowerKind.CLIP, overflowing));
            Result result =
                    new Scoring(towers, features, maker, SETTINGS, SILENT)
                            .run(List.of(list), null, null, row -> {})
                            .result();
            // The plain pictures are the same for both styles: 18 of 24 differ, which is 5 batches.
            assertEquals(4 * EACH - 5, result.pictures());
            assertEquals(Map.of("not_finite", 5L), result.problemCounts());
            assertEquals(5, result.problems().size());
            Result.Mean all = result.number("clip_t", "styled", null);
            assertTrue(Double.isFinite(all.estimate().value()), all.toString());
        }
    }

    /** The same picture with the chunk that says it is animated. */
    private static byte[] animated(byte[] png) {
        byte[] chunk = {0, 0, 0, 8, 'a', 'c', 'T', 'L', 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] all = new byte[png.length + chunk.length];
        int header = 33;
        System.arraycopy(png, 0, all, 0, header);
        System.arraycopy(chunk, 0, all, header, chunk.length);
        System.arraycopy(png, header, all, header + chunk.length, png.length - header);
        return all;
    }

    @Test
    void missingAndReplacedReferencesAreCountedAndNamed() throws IOException {
        Path spoiled = Files.createDirectories(shared.resolve("spoiled"));
        try (Stream<Path> files = Files.list(references)) {
            for (Path file : files.toList()) {
                Files.copy(file, spoiled.resolve(references.relativize(file)));
            }
        }
        Files.delete(spoiled.resolve("000000.png"));
        Files.copy(
                pictures.resolve("styled-impasto0.png"),
                spoiled.resolve("000001.png"),
                StandardCopyOption.REPLACE_EXISTING);
        Result whole = run(pictures, references, "plain", SILENT, new ArrayList<>()).result();
        Result result = run(pictures, spoiled, "spoiled-cache", SILENT, new ArrayList<>()).result();
        assertEquals(real(whole) - 2, real(result));
        assertTrue(named(result, Problem.Kind.MISSING, "000000.png"), result.problems().toString());
        assertTrue(
                named(result, Problem.Kind.HASH_MISMATCH, "000001.png"),
                result.problems().toString());
        assertEquals(4 * EACH, result.pictures());
    }

    private static int real(Result result) {
        return Objects.requireNonNull(result.references(), "it was scored with references")
                .styles()
                .values()
                .stream()
                .mapToInt(count -> count.references() + count.heldOut())
                .sum();
    }

    private static boolean named(Result result, Problem.Kind kind, String file) {
        return result.problems().stream()
                .anyMatch(p -> p.kind() == kind && p.where().endsWith(file));
    }

    @Test
    void nothingToScoreIsAnError() throws IOException {
        Path empty = Files.createDirectories(shared.resolve("empty"));
        UserException e =
                assertThrows(
                        UserException.class,
                        () -> run(empty, null, "plain", SILENT, new ArrayList<>()));
        assertTrue(e.getMessage().contains("empty"), e.getMessage());
    }

    @Test
    void withoutReferencesOnlyTextIsScored() {
        Result result = run(pictures, null, "plain", SILENT, new ArrayList<>()).result();
        assertNull(result.references());
        assertNotNull(result.number("clip_t", "styled", "impasto"));
        assertNull(result.number("clip_i_style", "styled", "impasto"));
    }

    @Test
    void thePageHoldsEverythingItself() throws IOException {
        Scoring.Outcome outcome = run(pictures, references, "plain", SILENT, new ArrayList<>());
        Path file = shared.resolve("report.html");
        PictureList list = PictureList.open(pictures, new PictureList.Defaults("mine", null));
        Report.write(outcome, List.of(list), List.of(), file);
        String html = Files.readString(file);
        assertTrue(html.contains("<svg"), "charts");
        assertTrue(html.contains("data:image/png;base64,"), "pictures");
        assertTrue(!html.contains("src=\"http") && !html.contains("<script"), "nothing fetched");
        assertTrue(html.contains("Table 6") && html.contains("clip_i_style"), "Table 6");
    }
}
