package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NaN and infinity end in a refusal that says where they came up, never in a picture. */
class FiniteCheckTest {
    @TempDir Path folder;

    @Test
    void guidanceThatOverflowsNamesTheStepAndTheGuidance() {
        String message = refusal(Goldens.own("tiny-3.0"), DType.FP32, request(1e38, null));
        says(message, "the latents after step 2 of 2", "fp32", "less guidance than 1.0E38");
    }

    @Test
    void variantsOfGuidanceThatOverflowAreNamed() {
        GenerationRequest plain = request(5, null);
        SamplingOptions variants =
                plain.sampling().withGuidanceOptions(GuidanceOptions.parse("apg=1e300:0:0"));
        GenerationRequest wild = plain.toBuilder().sampling(variants).build();
        says(
                refusal(Goldens.own("tiny-3.0"), DType.FP32, wild),
                "the latents after step",
                "other variants of guidance than apg=");
    }

    @Test
    void weightsOfTheTransformerThatOverflowNameTheStep() {
        Path model = spoilt("transformer", "proj_out.weight");
        says(
                refusal(model, DType.FP16, request(5, null)),
                "the latents after step 1 of 2",
                "fp16",
                "bf16 or fp32");
    }

    @Test
    void weightsOfAnEncoderThatOverflowNameThePrompt() {
        Path model = spoilt("text_encoder", "text_model.encoder.layers.0.mlp.fc1.weight");
        says(
                refusal(model, DType.FP32, request(5, null)),
                "the embedding of the prompt",
                "may be damaged");
    }

    @Test
    void weightsOfTheDecoderThatOverflowNameTheDecodedPicture() {
        Path model = spoilt("vae", "decoder.conv_out.weight");
        says(
                refusal(model, DType.FP16, request(5, null)),
                "the decoded picture, though not its latents",
                "bf16 or fp32");
    }

    @Test
    void weightsOfTheEncoderThatOverflowNameTheInitialPicture() {
        Path model = spoilt("vae", "encoder.conv_out.weight");
        Path start = folder.resolve("start.png");
        PngFile.write(start, Picture.of(64, 48, PixelMode.RGB, noise(64 * 48 * 3)), List.of());
        says(
                refusal(model, DType.FP16, request(5, ImageInput.of(start.toString(), null, 0.5))),
                "the latents of the initial picture");
    }

    @Test
    void aPreviewDoesNotNeedAnEncoderThatWorks() {
        Path model = spoilt("vae", "encoder.conv_out.weight");
        try (Sd3Pipeline pipeline = open(model, DType.FP16)) {
            int[] drawn = {0};
            GenerationListener watching =
                    new GenerationListener() {
                        @Override
                        public void onStep(Step step) {
                            drawn[0] += step.preview().get().samples().length > 0 ? 1 : 0;
                        }
                    };
            pipeline.generate(request(5, null), watching);
            assertTrue(drawn[0] == 2, drawn[0] + " previews");
        }
    }

    private static byte[] noise(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static void says(String message, String... parts) {
        for (String part : parts) {
            assertTrue(message.contains(part), message + " should say: " + part);
        }
        assertTrue(message.lines().count() == 1, message);
    }

    private static Sd3Pipeline open(Path model, DType dtype) {
        return new Sd3Pipeline(
                Sd3Model.load(
                        ModelSource.open(model, null, null),
                        new LoadOptions(Device.CPU, dtype, Offload.NONE, true)));
    }

    private static String refusal(Path model, DType dtype, GenerationRequest request) {
        try (Sd3Pipeline pipeline = open(model, dtype)) {
            return String.valueOf(
                    assertThrows(
                                    UserException.class,
                                    () -> pipeline.generate(request, GenerationListener.SILENT))
                            .getMessage());
        }
    }

    private static GenerationRequest request(double guidance, @Nullable ImageInput image) {
        return Requests.small("a boat", 2, 3L).toBuilder()
                .sampling(SamplingOptions.of(image == null ? 2 : 4, guidance))
                .image(image)
                .build();
    }

    /**
     * A copy of a tiny model in which every number of one tensor is the largest of its type, plus
     * or minus.
     */
    private Path spoilt(String part, String tensor) {
        Path copy = folder.resolve("model");
        try {
            copyAll(Goldens.own("tiny-3.0"), copy);
            spoil(weights(copy.resolve(part)), tensor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    private static Path weights(Path part) throws IOException {
        try (Stream<Path> files = Files.list(part)) {
            return files.filter(f -> f.toString().endsWith("model.safetensors"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void spoil(Path file, String tensor) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = Math.toIntExact(bytes.getLong(0));
        JsonNode info =
                new ObjectMapper()
                        .readTree(new String(bytes.array(), 8, length, StandardCharsets.UTF_8))
                        .path(tensor);
        boolean wide = info.path("dtype").asText().equals("F32");
        int begin = 8 + length + info.path("data_offsets").path(0).asInt();
        int end = 8 + length + info.path("data_offsets").path(1).asInt();
        assertTrue(end > begin, tensor + " is not in " + file);
        Random signs = new Random(2);
        for (int at = begin; at < end; at += wide ? 4 : 2) {
            boolean minus = signs.nextBoolean();
            if (wide) {
                bytes.putFloat(at, minus ? -3e38f : 3e38f);
            } else {
                bytes.putShort(at, (short) (minus ? 0xFBFF : 0x7BFF));
            }
        }
        Files.write(file, bytes.array());
    }
}
