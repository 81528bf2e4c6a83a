package dev.stanstudio.adapter.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.adapter.file.AdapterFile;
import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.adapter.kind.AdapterKind;
import dev.stanstudio.adapter.kind.Lora;
import dev.stanstudio.adapter.kind.Stan;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.adapter.training.Examples;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.command.CommandTree;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features of a random adapter read on pictures of noise, from the network to the files. */
class AnalyzeTest {
    private static final int FEATURES = 32;
    private static final int KEPT = 6;
    private static final List<Double> LEVELS = List.of(0.2, 0.8);

    @TempDir private Path folder;

    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private Path adapter(AdapterKind kind) {
        Path base = Goldens.own("tiny-3.0");
        try (ModelSource source = ModelSource.open(base, null, null)) {
            Samples.Base model =
                    new Samples.Base(
                            source.transformerConfig(), base.toString(), source.fingerprint());
            return Samples.adapter(folder.resolve(kind.label()), kind, model, 7);
        }
    }

    /** Four pictures of red noise and four of blue. */
    private Path collection() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            byte[] samples = new byte[60 * 50 * 3];
            Random random = new Random(i);
            for (int at = 0; at < samples.length; at++) {
                samples[at] = (byte) (at % 3 == (i % 2) * 2 ? random.nextInt(256) : 0);
            }
            Path file = data.resolve(i + ".png");
            Picture.of(60, 50, PixelMode.RGB, samples).writePng(file);
            lines.append(
                            new ObjectMapper()
                                    .createObjectNode()
                                    .put("file_name", i + ".png")
                                    .put("text", "noise " + i)
                                    .put("style", i % 2 == 0 ? "red" : "blue")
                                    .put("sha256", Sha256.ofFile(file))
                                    .put("width", 60)
                                    .put("height", 50))
                    .append('\n');
        }
        Files.writeString(data.resolve("metadata.jsonl"), lines);
        return data;
    }

    private int analyze(Path adapter, Path out, String... more) throws IOException {
        List<String> args = new ArrayList<>(List.of("adapter", "analyze", adapter.toString()));
        args.addAll(List.of("--data", collection().toString(), "--out", out.toString()));
        args.addAll(List.of("--resolution", "48", "--sigmas", "0.2,0.8", "--device", "cpu"));
        args.addAll(Arrays.asList(more));
        return CommandTree.installed()
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(new StringWriter()))
                .setExecutionExceptionHandler(
                        (e, line, parsed) -> {
                            failure.set(e);
                            return 1;
                        })
                .execute(args.toArray(String[]::new));
    }

    /** Numbers of the one would lie beside figures of the other. */
    @Test
    void twoAnalysesDoNotWriteOneFolder() throws IOException {
        Path out = folder.resolve("out");
        Path stan = adapter(Stan.of(FEATURES, KEPT));
        try (FolderLock other = FolderLock.of(out, "analysis")) {
            assertEquals(1, analyze(stan, out));
            String said = String.valueOf(failure.get().getMessage());
            assertTrue(said.contains("another analysis is running"), said);
            assertFalse(Files.exists(out.resolve("analysis.json")));
        }
    }

    @Test
    void statisticsOfEveryFeatureAreWrittenAndDrawn() throws Exception {
        Path out = folder.resolve("out");
        Path stan = adapter(Stan.of(FEATURES, KEPT));
        String[] few = {"--per-style", "3", "--layers", "attn.to_q,attn.add_q_proj"};
        assertEquals(0, analyze(stan, out, few), () -> "" + failure.get());
        FeatureAnalysis read = FeatureAnalysis.read(out);
        assertEquals(List.of("blue", "red"), read.styles());
        assertEquals(List.of(3, 3), read.pictures());
        for (LayerStatistics layer : read.layers()) {
            assertEquals(FEATURES, layer.features().size());
            double active = 0;
            for (FeatureStatistics feature : layer.features()) {
                active += feature.frequency();
                if (feature.mean() != null) {
                    double sum = feature.shares().stream().mapToDouble(s -> s).sum();
                    assertEquals(1, sum, 1e-9);
                }
            }
            // Every token keeps k, and of many random features the k largest are above 0.
            assertTrue(active > 0 && active <= KEPT + 1e-9, layer.layer() + " " + active);
        }
        assertEquals(
                1 + read.layers().size() * FEATURES,
                Files.readAllLines(out.resolve("features.csv")).size());
        for (String figure : List.of("figure-3", "figure-32")) {
            assertNotNull(ImageIO.read(out.resolve(figure + ".png").toFile()));
            DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
            xml.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            String root =
                    xml.newDocumentBuilder()
                            .parse(out.resolve(figure + ".svg").toFile())
                            .getDocumentElement()
                            .getNodeName();
            assertEquals("svg", root);
        }
        assertNotNull(ImageIO.read(out.resolve("features.png").toFile()));

        Path again = folder.resolve("again");
        assertEquals(0, analyze(stan, again, few));
        assertEquals(
                Files.readString(out.resolve("features.csv")),
                Files.readString(again.resolve("features.csv")));
    }

    @Test
    void aStyleThatIsAFormulaStaysText() throws IOException {
        Path data = collection();
        Path evil = Files.createDirectories(folder.resolve("evil"));
        for (int i = 0; i < 8; i++) {
            Files.copy(data.resolve(i + ".png"), evil.resolve(i + ".png"));
        }
        String lines = Files.readString(data.resolve("metadata.jsonl"));
        Files.writeString(evil.resolve("metadata.jsonl"), lines.replace("\"red\"", "\"=1+1\""));
        Path out = folder.resolve("out");
        int code =
                analyze(
                        adapter(Lora.of(4, 4)),
                        out,
                        "--data",
                        evil.toString(),
                        "--per-style",
                        "1",
                        "--layers",
                        "attn.to_q");
        assertEquals(0, code, () -> "" + failure.get());
        String table = Files.readString(out.resolve("features.csv"));
        assertTrue(table.contains(",'=1+1,"), table);
        assertFalse(table.contains(",=1+1,"), table);
    }

    @Test
    void directionsOfALoraAreActiveWhereTheyAreAboveZeroAsFeaturesAre() throws IOException {
        Path out = folder.resolve("out");
        assertEquals(
                0,
                analyze(adapter(Lora.of(4, 4)), out, "--layers", "0.attn.to_q"),
                () -> "" + failure.get());
        FeatureAnalysis read = FeatureAnalysis.read(out);
        assertEquals("kept and above 0", read.activation());
        assertEquals("noised-pictures", read.read());
        List<FeatureStatistics> directions = read.layers().get(0).features();
        assertEquals(4, directions.size());
        // Nothing is selected, yet A x is not above 0 for every token.
        assertTrue(directions.stream().noneMatch(FeatureStatistics::dead));
        assertTrue(
                directions.stream().anyMatch(f -> f.frequency() > 0 && f.frequency() < 1),
                () -> directions.stream().map(f -> "" + f.frequency()).toList().toString());
        assertTrue(Files.exists(out.resolve("figure-4.svg")));
    }

    @Test
    void byMagnitudeDirectionsOfALoraAreActiveOnEverySample() throws IOException {
        Path out = folder.resolve("out");
        Path lora = adapter(Lora.of(4, 4));
        String model = Goldens.own("tiny-3.0").toString();
        String[] asked = {
            "--model",
            model,
            "--layers",
            "0.attn.to_q",
            "--unit",
            "image",
            "--activation",
            "magnitude"
        };
        assertEquals(0, analyze(lora, out, asked), () -> "" + failure.get());
        FeatureAnalysis read = FeatureAnalysis.read(out);
        assertEquals(1, read.layers().size());
        assertEquals(8, read.layers().get(0).samples());
        read.layers().get(0).features().forEach(f -> assertEquals(1.0, f.frequency()));
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        Path out = folder.resolve("out");
        Path stan = adapter(Stan.of(FEATURES, KEPT));
        refused(stan, out, "at least two styles", "--styles", "red");
        refused(stan, out, "it has blue, red", "--styles", "red,green");
        refused(stan, out, "no unit is called 'pixel'", "--unit", "pixel");
        refused(stan, out, "does not change ff", "--layers", "ff");
        refused(stan, out, "divisible by 16", "--resolution", "50");
        assertTrue(Files.notExists(out));
    }

    private void refused(Path adapter, Path out, String reason, String... more) throws IOException {
        failure.set(null);
        List<String> args = new ArrayList<>(Arrays.asList(more));
        assertEquals(1, analyze(adapter, out, args.toArray(String[]::new)), reason);
        String message = String.valueOf(failure.get());
        assertTrue(message.contains(reason), message);
    }

    @Test
    void readingDoesNotChangeTheNetworksAnswer() {
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
        try (AdapterFile file = AdapterFile.open(adapter(Stan.of(FEATURES, KEPT)));
                Sd3Model model = Sd3Model.load(source, options);
                Scope scope = Scope.open("test")) {
            List<String> modules = List.copyOf(file.modules().keySet());
            LoadedAdapters.Weighted weighted = new LoadedAdapters.Weighted(file, 1, modules);
            Examples.Example example = example(scope, model);
            try (FeatureReader silent =
                            new FeatureReader(model.transformer(), weighted, List.of(), false);
                    FeatureReader reading =
                            new FeatureReader(model.transformer(), weighted, modules, false)) {
                assertArrayEquals(
                        answer(scope, model, silent, example),
                        answer(scope, model, reading, example));
            }
        }
    }

    private static float[] answer(
            Scope scope, Sd3Model model, FeatureReader reader, Examples.Example example) {
        return NoisedPictures.forward(
                        model.transformer(),
                        model.vae(),
                        reader,
                        LEVELS,
                        scope,
                        example,
                        5,
                        block -> {})
                .toFloats();
    }

    private static Examples.Example example(Scope scope, Sd3Model model) {
        MmditConfig config = model.transformer().config();
        RandomSource random = RandomSource.seeded(scope, 3);
        Tensor moments =
                random.normal(scope, new long[] {1, 2L * config.inChannels(), 6, 6}, DType.FP32);
        return new Examples.Example(
                Tensors.to(scope, moments, Device.CPU, DType.FP32),
                random.normal(scope, new long[] {1, 9, config.jointAttentionDim()}, DType.FP32),
                random.normal(scope, new long[] {1, config.pooledProjectionDim()}, DType.FP32),
                1);
    }
}
