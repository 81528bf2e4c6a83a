package dev.stanstudio.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.pretrain.vae.Reconstruction;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.synth.paint.ArtStyle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The model that comes with the program keeps what its card promises. */
class NanoModelTest {
    private static final Path FOLDER = Path.of("..", "..", "sd3-runtime", "models", "sd3-nano");
    private static final long MOST_BYTES = 32_000_000;

    /** As many held-out pictures of each style as the card's figures stand on. */
    private static final int PICTURES = 17;

    private static final double LEAST_PLAIN_DB = 30;
    private static final double LEAST_STYLE_DB = 22;

    private @Nullable Sd3Pipeline opened;

    @BeforeEach
    void load() {
        opened = open();
    }

    private Sd3Pipeline pipeline() {
        return Objects.requireNonNull(opened);
    }

    private static Sd3Pipeline open() {
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, false);
        return new Sd3Pipeline(Sd3Model.load(ModelSource.open(FOLDER, null, null), options));
    }

    @AfterEach
    void close() {
        pipeline().close();
    }

    private Picture draw(String prompt, String negative, long seed, double guidance) {
        GenerationRequest base = GenerationRequest.of(prompt, seed, pipeline().model().defaults());
        GenerationRequest request =
                base.toBuilder()
                        .negative(PromptTexts.of(negative))
                        .sampling(SamplingOptions.of(base.sampling().steps(), guidance))
                        .build();
        return pipeline().generate(request, GenerationListener.SILENT).get(0).picture();
    }

    private static double brightness(Picture picture) {
        double sum = 0;
        for (byte sample : picture.samples()) {
            sum += sample & 0xff;
        }
        return sum / picture.samples().length;
    }

    private static double distance(Picture a, Picture b) {
        double sum = 0;
        for (int i = 0; i < a.samples().length; i++) {
            sum += Math.abs((a.samples()[i] & 0xff) - (b.samples()[i] & 0xff));
        }
        return sum / a.samples().length;
    }

    @Test
    void isSmall() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            long bytes = files.filter(Files::isRegularFile).mapToLong(NanoModelTest::size).sum();
            System.out.println("sd3-nano has " + bytes + " bytes");
            assertTrue(bytes <= MOST_BYTES, bytes + " bytes");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void saysWhichStylesItsTransformerNeverSaw() throws IOException {
        JsonNode studio =
                Json.PLAIN.readTree(FOLDER.resolve("model_index.json").toFile()).path("_studio");
        List<String> said = new ArrayList<>();
        studio.path("unseen_styles").forEach(style -> said.add(style.asText()));
        assertEquals(ArtStyle.unseen().stream().map(ArtStyle::words).toList(), said);
    }

    @Test
    void givesPicturesBack() {
        Reconstruction reconstruction = new Reconstruction(pipeline().model().vae());
        Map<String, Double> quality = new LinkedHashMap<>();
        NanoData.heldOutByStyle(PICTURES)
                .forEach(
                        (style, pictures) ->
                                quality.put(
                                        style,
                                        reconstruction
                                                .measure(pictures)
                                                .getOrDefault("psnr", 0.0)));
        quality.forEach(
                (style, psnr) ->
                        System.out.println(String.format(Locale.ROOT, "%s %.2f dB", style, psnr)));
        quality.forEach(
                (style, psnr) -> assertTrue(psnr >= LEAST_STYLE_DB, style + ": " + psnr + " dB"));
        double plain = quality.getOrDefault("plain", 0.0);
        assertTrue(plain >= LEAST_PLAIN_DB, "plain: " + plain + " dB");
    }

    @Test
    void nightIsDarkerThanNoon() {
        double night = 0;
        double noon = 0;
        for (String scene : List.of("a castle on a hill", "a street with houses", "mountains")) {
            night += brightness(draw(scene + " at night", "", 1, 4));
            noon += brightness(draw(scene + " at noon", "", 1, 4));
        }
        System.out.println("brightness at night " + night / 3 + ", at noon " + noon / 3);
        assertTrue(night < 0.75 * noon, night + " against " + noon);
    }

    @Test
    void seedGuidanceAndNegativePromptMatter() {
        String prompt = "a portrait of a woman with red hair";
        Picture plain = draw(prompt, "", 3, 4);
        assertEquals(0, distance(plain, draw(prompt, "", 3, 4)));
        Map<String, Double> changes = new LinkedHashMap<>();
        changes.put("another seed", distance(plain, draw(prompt, "", 4, 4)));
        changes.put("no guidance", distance(plain, draw(prompt, "", 3, 1)));
        changes.put("a negative prompt", distance(plain, draw(prompt, "green background", 3, 4)));
        System.out.println("mean change of a sample by " + changes);
        changes.forEach((what, change) -> assertTrue(change > 2, what + " changes " + change));
    }

    @Test
    void picturesAreNeitherFlatNorNoise() {
        Picture picture = draw("a red boat on the sea at sunset", "", 2, 4);
        byte[] samples = picture.samples();
        double neighbours = 0;
        for (int i = 3; i < samples.length; i++) {
            neighbours += Math.abs((samples[i] & 0xff) - (samples[i - 3] & 0xff));
        }
        neighbours /= samples.length;
        double mean = brightness(picture);
        double spread =
                Math.sqrt(
                        Arrays.stream(ints(samples))
                                        .mapToDouble(value -> (value - mean) * (value - mean))
                                        .sum()
                                / samples.length);
        System.out.println("spread " + spread + ", neighbours differ by " + neighbours);
        assertTrue(spread > 15, "flat: " + spread);
        assertFalse(neighbours > 0.8 * spread, "noise: " + neighbours + " of " + spread);
    }

    private static int[] ints(byte[] samples) {
        int[] values = new int[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples[i] & 0xff;
        }
        return values;
    }
}
