package dev.stanstudio.scoring.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.LocalExtractor;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.score.ResultJson;
import dev.stanstudio.scoring.score.ScoreListener;
import dev.stanstudio.scoring.score.ScoreSettings;
import dev.stanstudio.scoring.score.ScoredPicture;
import dev.stanstudio.scoring.score.Scoring;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthFolder;
import dev.stanstudio.synth.SynthItem;
import dev.stanstudio.synth.SynthSpec;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.synth.scene.SceneKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The same pictures scored by one process and by Spark. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SparkScoringTest {
    private static final ScoreSettings SETTINGS = new ScoreSettings(4, 10, 5, 30, 100, 0, "");
    private static final List<ArtStyle> STYLES = List.of(ArtStyle.UKIYO_E, ArtStyle.IMPASTO);
    private static final int EACH = 21;

    /** Address of a machine without a host name. */
    private static final Map<String, String> HERE =
            Map.of(
                    "spark.driver.host", "127.0.0.1",
                    "spark.driver.bindAddress", "127.0.0.1");

    private static final TowersPlan PLAN =
            new TowersPlan(
                    Map.of(
                            TowerKind.CLIP,
                            Path.of("..", "models", "clip-nano").toAbsolutePath().toString()),
                    "cpu",
                    "fp32",
                    "pillow-13",
                    "target-size");

    @TempDir static Path shared;
    private static final Pattern DECIMAL = Pattern.compile("-?\\d+\\.\\d+(?:E-?\\d+)?");
    private static final double ROUNDING = 1e-6;

    private Towers towers;
    private Numbers alone;

    /** Everything that comes out, to the bit. */
    private record Numbers(List<ScoredPicture> rows, String summary, long computed) {}

    private static final ScoreListener SILENT =
            new ScoreListener() {
                @Override
                public void onStage(String what, long total) {}

                @Override
                public void onDone(long done) {}
            };

    @BeforeAll
    void scoreAlone() throws IOException {
        draw();
        towers = PLAN.open();
        alone = score("alone", new LocalExtractor(towers.images()));
    }

    @AfterAll
    void close() {
        towers.close();
    }

    /** A batch of four never fills evenly: copies, a lie and a damaged file lie between. */
    private static void draw() throws IOException {
        SynthSpec spec = new SynthSpec(64, List.of(SceneKind.values()), STYLES);
        SynthCollection drawn = new SynthCollection(spec);
        new SynthFolder(shared.resolve("references"), drawn, 5).write(30, 1, done -> {});
        Path folder = Files.createDirectories(shared.resolve("pictures"));
        List<String> lines = new ArrayList<>();
        for (ArtStyle style : STYLES) {
            for (int i = 0; i < EACH; i++) {
                SynthItem item = drawn.item(9, i, style);
                String file = style.id() + i + ".png";
                item.picture().writePng(folder.resolve(file));
                lines.add(line(file, style, item.content(), i, ""));
                if (i % 7 == 3) {
                    lines.add(line(file, style, item.content(), 100 + i, ""));
                }
            }
            String lie = ",\"sha256\":\"" + "0".repeat(64) + "\"";
            lines.add(line(style.id() + "2.png", style, "a house", 1, lie));
            lines.add(line("broken.png", style, "a house", 2, ""));
        }
        Files.write(folder.resolve("broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1, 2});
        Files.write(folder.resolve("manifest.jsonl"), lines, StandardCharsets.UTF_8);
    }

    private static String line(String file, ArtStyle style, String content, int seed, String rest) {
        return "{\"file\":\"%s\",\"method\":\"m\",\"style\":\"%s\",\"prompt\":\"%s\",\"seed\":%d%s}"
                .formatted(file, style.words(), content, seed, rest);
    }

    private Numbers score(String cache, FeatureExtractor maker) {
        PictureList list =
                PictureList.open(
                        shared.resolve("pictures"), new PictureList.Defaults("mine", null));
        List<ScoredPicture> rows = new ArrayList<>();
        try (FeatureCache features = FeatureCache.open(shared.resolve(cache))) {
            Scoring.Outcome outcome =
                    new Scoring(towers, features, maker, SETTINGS, SILENT)
                            .run(List.of(list), shared.resolve("references"), null, rows::add);
            return new Numbers(rows, ResultJson.text(outcome.result()), outcome.computed());
        }
    }

    /**
     * Compares everything, decimal numbers within the rounding of their features: an executor's
     * batches have other sizes and threads, and some processors then add in another order.
     */
    private static void assertAlike(Numbers expected, Numbers actual) {
        String text = expected.toString();
        String other = actual.toString();
        assertEquals(DECIMAL.matcher(text).replaceAll("#"), DECIMAL.matcher(other).replaceAll("#"));
        double[] numbers = decimals(text);
        double[] others = decimals(other);
        for (int i = 0; i < numbers.length; i++) {
            double allowed = ROUNDING * Math.max(1, Math.abs(numbers[i]));
            assertEquals(numbers[i], others[i], allowed, "number " + i);
        }
    }

    private static double[] decimals(String text) {
        return DECIMAL.matcher(text)
                .results()
                .mapToDouble(match -> Double.parseDouble(match.group()))
                .toArray();
    }

    private SparkExtractor connect(String master, Map<String, String> more) {
        Map<String, String> options = new HashMap<>(HERE);
        options.put("spark.local.dir", shared.resolve("spark").toString());
        options.putAll(more);
        return (SparkExtractor) new SparkCluster().connect(master, options, PLAN, towers);
    }

    /** Spark throws a checked exception that it does not declare. */
    @Test
    void aJobThatFailsIsOneLineForTheUser() {
        try (FeatureExtractor maker = new SparkCluster().connect("local[1]", HERE, PLAN, towers)) {
            List<Path> gone = List.of(shared.resolve("gone.png"));
            UserException e = assertThrows(UserException.class, () -> maker.hashes(gone));
            assertEquals(1, String.valueOf(e.getMessage()).lines().count(), e.getMessage());
        }
        String text = "Job aborted due to stage failure: Master removed our application: FAILED\nx";
        assertEquals(
                "Spark could not compute features: its executors could not start; the logs of the"
                        + " workers say why",
                SparkExtractor.failed(new SparkException(text)).getMessage());
    }

    @Test
    void twoThreadsGiveTheSame() {
        try (SparkExtractor spark = connect("local[2]", Map.of())) {
            assertEquals(alone, score("local", spark));
            assertEquals(Map.of("driver", 0), spark.towersOpened(), "the open towers are used");
        }
    }

    @Test
    void twoWorkersGiveTheSameWithOneModelEach() throws Exception {
        Path folder = Files.createDirectories(shared.resolve("cluster"));
        Map<String, String> both =
                Map.of(
                        "spark.cores.max", "2",
                        "spark.executor.cores", "1",
                        "spark.executor.memory", "600m",
                        "spark.scheduler.minRegisteredResourcesRatio", "1.0",
                        "spark.scheduler.maxRegisteredResourcesWaitingTime", "300s");
        try (StandaloneCluster cluster = new StandaloneCluster(folder, 2);
                SparkExtractor spark = connect(cluster.url(), both)) {
            Numbers numbers = score("cluster-cache", spark);
            assertTrue(numbers.computed() >= 2 * EACH, numbers.computed() + " computed");
            assertAlike(alone, numbers);
            assertEquals(Map.of("0", 1, "1", 1), spark.towersOpened(), "one model per executor");
        }
    }

    @Test
    void aMasterThatIsNoneIsOneClearLine() {
        UserException e =
                assertThrows(UserException.class, () -> connect("spork://nowhere", Map.of()));
        assertTrue(e.getMessage().startsWith("Spark at spork://nowhere"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }
}
