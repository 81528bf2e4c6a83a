package dev.stanstudio.datasets.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code dataset filter} on a collection with one picture for each rule. */
class DatasetFilterTest {
    @TempDir private Path folder;

    private record Run(int code, String out, String failure) {}

    private Run run(Object... args) {
        StringWriter out = new StringWriter();
        StringBuilder failure = new StringBuilder();
        int code =
                CommandTree.installed()
                        .setOut(new PrintWriter(out))
                        .setErr(new PrintWriter(new StringWriter()))
                        .setExecutionExceptionHandler(
                                (e, line, parsed) -> {
                                    failure.append(e.getMessage());
                                    return ExitCodes.FAILED;
                                })
                        .execute(
                                Stream.concat(
                                                Stream.of("dataset", "filter", folder),
                                                Stream.of(args))
                                        .map(String::valueOf)
                                        .toArray(String[]::new));
        return new Run(code, out.toString(), failure.toString());
    }

    @BeforeEach
    void write() throws IOException {
        Picture sharp = noise(64, 64, 1);
        Resampler smooth = Resampler.of(ResampleFilter.BICUBIC);
        Picture form = smooth.resize(noise(9, 9, 2), 96, 96);
        byte[] grey = new byte[64 * 64 * 3];
        Arrays.fill(grey, (byte) 120);
        add("sharp.png", sharp);
        add("small.png", noise(40, 20, 3));
        add("long.png", noise(200, 64, 4));
        add("plain.png", Picture.of(64, 64, PixelMode.RGB, grey));
        add("blurred.png", smooth.resize(noise(4, 4, 5), 64, 64));
        add("less.png", smooth.resize(form, 70, 70));
        add("form.png", form);
        add("copy.png", form);
    }

    private static Picture noise(int width, int height, int seed) {
        byte[] samples = new byte[width * height * 3];
        new Random(seed).nextBytes(samples);
        return Picture.of(width, height, PixelMode.RGB, samples);
    }

    private void add(String name, Picture picture) throws IOException {
        Path file = folder.resolve(name);
        picture.writePng(file);
        String line =
                new ObjectMapper()
                                .createObjectNode()
                                .put("file_name", name)
                                .put("text", name)
                                .put("style", "s")
                                .put("sha256", Sha256.ofFile(file))
                                .put("width", picture.width())
                                .put("height", picture.height())
                                .put("camera", "kept")
                        + "\n";
        Path list = folder.resolve("metadata.jsonl");
        Files.writeString(list, (Files.exists(list) ? Files.readString(list) : "") + line);
    }

    private List<String> listed() {
        return StyleCollection.open(folder).items().stream().map(StyleItem::fileName).toList();
    }

    private static final Object[] ALL = {
        "--least-side", 32, "--most-aspect", 2, "--sharpness", 5, "--plain", 2, "--near", 6
    };

    private static Object[] with(Object... more) {
        return Stream.concat(Arrays.stream(ALL), Arrays.stream(more)).toArray();
    }

    @Test
    void everyRuleTakesOutItsPictureAndNamesIt() throws IOException {
        Run run = run(ALL);
        assertEquals(0, run.code(), run.failure());
        for (String line :
                List.of(
                        "too small      1",
                        "  small.png 40x20",
                        "too long       1",
                        "  long.png 200x64",
                        "one colour     1",
                        "  plain.png deviation 0.00",
                        "blurred        1",
                        "near copies    2",
                        "  less.png = form.png",
                        "  copy.png = form.png",
                        "taken out      6 of 8; filtered.jsonl keeps them, --restore puts them"
                                + " back")) {
            assertTrue(run.out().lines().anyMatch(line::equals), line + "\nin\n" + run.out());
        }
        assertEquals(List.of("sharp.png", "form.png"), listed());
        assertTrue(Files.exists(folder.resolve("copy.png")), "files stay");
        JsonNode out = new ObjectMapper().readTree(lines("filtered.jsonl").get(0));
        assertEquals("small.png", out.path("file_name").asText());
        assertEquals("too small: 40x20", out.path("filtered").asText());
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file));
    }

    @Test
    void whatWasTakenOutComesBackWhole() throws IOException {
        List<String> before = lines("metadata.jsonl").stream().sorted().toList();
        run("--least-side", 32);
        run("--near", 0);
        assertEquals(6, listed().size());
        Run run = run("--restore");
        assertTrue(run.out().contains("restored       2"), run.out());
        assertEquals(before, lines("metadata.jsonl").stream().sorted().toList());
        assertFalse(Files.exists(folder.resolve("filtered.jsonl")));
        assertTrue(run("--restore").out().contains("restored       0"));
    }

    @Test
    void dryRunTellsTheSameAndChangesNothing() throws IOException {
        String before = Files.readString(folder.resolve("metadata.jsonl"));
        Run run = run(with("--dry-run"));
        assertTrue(run.out().contains("would go       6 of 8"), run.out());
        assertEquals(before, Files.readString(folder.resolve("metadata.jsonl")));
        JsonNode json = new ObjectMapper().readTree(run(with("--dry-run", "--json")).out());
        assertEquals(2, json.path("kept").asInt());
        assertEquals("near copies", json.path("filtered").path(5).path("rule").asText());
        assertEquals(8, listed().size());
    }

    @Test
    void pictureThatCannotBeReadIsNamed() throws IOException {
        Files.writeString(folder.resolve("sharp.png"), "no picture");
        Run run = run("--sharpness", 1);
        assertTrue(run.out().contains("unreadable     1"), run.out());
        assertTrue(run.out().contains("is not a PNG"), run.out());
        Files.delete(folder.resolve("form.png"));
        assertTrue(run("--plain", 1).out().contains("form.png"), "missing");
    }

    @Test
    void uselessFiltersAreRefused() {
        refuses("name a filter", new Object[0]);
        refuses("--least-side must be at least 1, not 0", "--least-side", 0);
        refuses("--most-aspect must be at least 1, not 0.5", "--most-aspect", 0.5);
        refuses("--sharpness must be at least 0, not NaN", "--sharpness", "NaN");
        refuses("--near must be 0 to 16, not 17", "--near", 17);
        refuses("--restore takes no filters", "--restore", "--near", 1);
        refuses("would take out all 8 pictures", "--least-side", 1000);
        assertEquals(8, listed().size());
    }

    private void refuses(String reason, Object... args) {
        Run run = run(args);
        assertTrue(run.failure().contains(reason), run.failure() + run.out());
    }

    /** SciPy's convolution with mirrored edges, as OpenCV's Laplacian; NumPy's deviation. */
    @Test
    void measuresAreThoseOfTheReferences() {
        byte[] grey = new byte[20];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = (byte) (i * 37 % 256);
        }
        Picture picture = Picture.of(5, 4, PixelMode.GREY, grey);
        assertEquals(107770.64, PictureQuality.sharpness(picture), 1e-6);
        assertEquals(0, PictureQuality.sharpness(Picture.of(1, 1, PixelMode.GREY, new byte[1])));
        byte[] rgb = {1, 2, 3, 4, 6, 8, 9, 9, 9};
        assertEquals(
                3.2998316455372216,
                PictureQuality.spread(Picture.of(3, 1, PixelMode.RGB, rgb)),
                1e-12);
    }
}
