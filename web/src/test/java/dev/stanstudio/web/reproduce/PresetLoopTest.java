package dev.stanstudio.web.reproduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.web.CommandLines;
import dev.stanstudio.web.testing.BuiltInJudges;
import dev.stanstudio.web.testing.TestDatabase;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Presets with their numbers made small, on a tiny model with random weights. */
@ExtendWith(BuiltInJudges.class)
class PresetLoopTest {
    private static final String HOME = "user.home";

    @TempDir Path folder;
    private final String userHome = System.getProperty(HOME);
    private final Random random = new Random(2);
    private String url = "";

    @BeforeEach
    void open() {
        System.setProperty(HOME, folder.toString());
        url = TestDatabase.SQLITE.newUrl(folder);
    }

    @AfterEach
    void restore() {
        System.setProperty(HOME, userHome);
    }

    /** Returns the preset with texts replaced, each of which must be there. */
    private Path smaller(String preset, String... replaced) throws IOException {
        String text;
        try (InputStream in = ExperimentFile.class.getResourceAsStream(preset + ".yaml")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (int i = 0; i < replaced.length; i += 2) {
            assertTrue(text.contains(replaced[i]), preset + " has no " + replaced[i]);
            text = text.replace(replaced[i], replaced[i + 1]);
        }
        return Files.writeString(folder.resolve(preset + ".yaml"), text);
    }

    private String report(Path experiment, Path out, String... more) throws IOException {
        StringWriter told = new StringWriter();
        String model = Goldens.own("tiny-3.0").toAbsolutePath().toString();
        List<String> all = new ArrayList<>(List.of("reproduce", experiment.toString(), "--out"));
        all.addAll(List.of(out.toString(), "--model", model, "--db", url));
        all.addAll(List.of(more));
        PrintWriter print = new PrintWriter(told, true);
        assertEquals(0, CommandLines.run(print, print, all), told.toString());
        return Files.readString(out.resolve("report.md"));
    }

    private void paint(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        BufferedImage picture = new BufferedImage(72, 64, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 72; x++) {
                picture.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        ImageIO.write(picture, "jpg", file.toFile());
    }

    @Test
    void thePapersExperimentRunsOnFoldersOfItsSources() throws IOException {
        Path wikiart = folder.resolve("wikiart");
        Path faces = folder.resolve("dualstylegan");
        for (int i = 0; i < 12; i++) {
            paint(wikiart.resolve("Rococo/a-painter_picture-" + i + ".jpg"));
            paint(wikiart.resolve("Post_Impressionism/a-painter_view-" + i + ".jpg"));
            paint(faces.resolve("cartoon/images/train/" + i + ".jpg"));
            paint(faces.resolve("anime/images/train/" + i + ".jpg"));
        }
        Path experiment =
                smaller(
                        "paper",
                        "85/5/5/5",
                        "50/10/20/20",
                        "steps: 3000, resolution: 1024",
                        "steps: 2, samples: 0, resolution: 64",
                        "dtype: bf16, checkpointing: true",
                        "dtype: fp32",
                        "pictures: 4, steps: 28, width: 1024, height: 1024",
                        "pictures: 1, steps: 1, width: 64, height: 64",
                        "{clip: openai/clip-vit-base-patch32, dino: facebook/dino-vits16}",
                        "{}",
                        "per-style: 300, resolution: 1024, dtype: bf16",
                        "per-style: 2, resolution: 64");
        Path out = folder.resolve("paper");
        String report =
                report(
                        experiment,
                        out,
                        "--source",
                        "wikiart=" + wikiart,
                        "--source",
                        "dualstylegan=" + faces);
        assertTrue(report.contains("One training of each method"), report);
        assertTrue(report.contains("analysis/figure-3.png"), report);
        JsonNode study = new ObjectMapper().readTree(out.resolve("study.json").toFile());
        assertEquals(20, study.path("prompts").asInt());
        assertEquals(501, study.path("votes").asInt());
        assertEquals(3, study.path("methods").size());
        assertEquals(63, Files.readAllLines(out.resolve("grid-0/manifest.jsonl")).size());
        JsonNode real =
                new ObjectMapper()
                        .readTree(out.resolve("scores/summary.json").toFile())
                        .path("references");
        assertEquals("[\"references\"]", real.path("parts").toString());
        assertEquals(0, real.path("trained").asInt(-1));
    }

    @Test
    void expertsAreMergedAndJudgedOnStylesHeldInAndOut() throws IOException {
        String text =
                """
                name: Experts
                data:
                  synth: {count: 36, seed: 3, styles: [anime, baroque, woodcut]}
                  split: {ratios: 50/0/20/30, seed: 0}
                train: {steps: 2, batch: 2, dtype: fp32, samples: 0, resolution: 64}
                methods:
                  - {name: none}
                  - {name: lora-a, draw: false, train: {method: lora, rank: 2, style: anime}}
                  - {name: lora-b, train: {method: lora, rank: 2, style: baroque}}
                  - {name: sparse-a, draw: false, train: {method: sparse, style: anime}}
                  - {name: sparse-b, draw: false, train: {method: sparse, style: baroque}}
                  - {name: stan-a, draw: false, train: {method: stan, style: anime}}
                  - {name: stan-b, draw: false, train: {method: stan, style: baroque}}
                  - {name: lora-mean-2, merge: {of: [lora-a, lora-b], weight: 0.5}}
                  - {name: lora-ties-2, merge: {of: [lora-a, lora-b], method: ties, rank: 4}}
                  - {name: sparse-overlap-2, merge: {of: [sparse-a, sparse-b], method: overlap-mean}}
                  - {name: stan-together-2, merge: {of: [stan-a, stan-b], together: true, weight: 0.7}}
                grid: {contents: [a cat], styles: [anime, baroque, woodcut], pictures: 1, steps: 1,
                       width: 64, height: 64}
                score: {}
                """;
        Path out = folder.resolve("experts");
        Path file = Files.writeString(folder.resolve("experts.yaml"), text);
        String report = report(file, out);
        assertTrue(
                report.matches(
                        "(?s).*\\| stan-together-2 \\| 2 \\| -?\\d+\\.\\d\\d \\(2\\) \\|"
                                + " -?\\d+\\.\\d\\d \\(1\\) \\|.*"),
                report);
        List<String> drawn = Files.readAllLines(out.resolve("grid-0/manifest.jsonl"));
        assertEquals(18, drawn.size(), "six methods, three styles");
        String together =
                drawn.stream().filter(line -> line.contains("stan-together-2")).findFirst().get();
        JsonNode used = new ObjectMapper().readTree(together).path("adapters");
        assertEquals(2, used.size());
        assertEquals(0.7, used.get(0).path("weight").asDouble());
    }
}
