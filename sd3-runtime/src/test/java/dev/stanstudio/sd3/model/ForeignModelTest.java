package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Quantised;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models as other programs leave them: read as they mean it, or named for what they are. */
class ForeignModelTest {
    @TempDir Path folder;

    private Path copy() throws IOException {
        Path to = folder.resolve("model");
        try (Stream<Path> files = Files.walk(Goldens.own("tiny-3.0"))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(Goldens.own("tiny-3.0").relativize(file).toString()));
            }
        }
        return to;
    }

    private static String refusal(org.junit.jupiter.api.function.Executable use) {
        String message = String.valueOf(assertThrows(UserException.class, use).getMessage());
        assertEquals(1, message.lines().count(), message);
        return message;
    }

    @Test
    void textAfterAConfigIsRefused() throws IOException {
        Path model = copy();
        Path config = model.resolve("transformer/config.json");
        Files.writeString(config, Files.readString(config) + "{}");
        String message = refusal(() -> dev.stanstudio.sd3.checkpoint.ConfigReader.of(config));
        assertTrue(message.contains("transformer/config.json is not valid JSON"), message);
    }

    @Test
    void aScheduleOfAnotherClassThanListedIsRefused() throws IOException {
        Path model = copy();
        Path index = model.resolve("model_index.json");
        Files.writeString(
                index,
                Files.readString(index)
                        .replace("FlowMatchEulerDiscreteScheduler", "UniPCMultistepScheduler"));
        try (ModelSource source = ModelSource.open(model, null, null)) {
            String said = refusal(source::schedule);
            assertTrue(said.contains("lists the scheduler UniPCMultistepScheduler"), said);
            assertTrue(said.contains("is of FlowMatchEulerDiscreteScheduler"), said);
            assertEquals(said, refusal(source::defaults));
        }
    }

    @Test
    void anAutoencoderOfOtherPicturesThanRgbIsRefused() throws IOException {
        Path model = copy();
        Path config = model.resolve("vae/config.json");
        String whole = Files.readString(config);
        for (String field : List.of("in_channels", "out_channels")) {
            Files.writeString(
                    config, whole.replaceAll("\"" + field + "\": 3", "\"" + field + "\": 4"));
            try (ModelSource source = ModelSource.open(model, null, null)) {
                String said = refusal(source::vaeConfig);
                assertTrue(said.contains(field + " '4' is not supported, only '3'"), said);
            }
        }
    }

    @Test
    void aFolderWithHeunsScheduleDrawsByHeun() throws IOException {
        Path model = copy();
        for (String name : List.of("scheduler/scheduler_config.json", "model_index.json")) {
            Path file = model.resolve(name);
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("FlowMatchEulerDiscrete", "FlowMatchHeunDiscrete"));
        }
        ModelSource source = ModelSource.open(model, null, null);
        assertEquals(SamplerKind.HEUN, source.defaults().sampler());
        ModelDefaults small = new ModelDefaults(64, 48, 2, 5, 77, source.defaults().sampler());
        try (Sd3Pipeline pipeline = new Sd3Pipeline(Sd3Model.load(source, LoadOptions.plain()))) {
            GenerationRequest usual = GenerationRequest.of("a bridge", 3, small);
            assertEquals(SamplerKind.HEUN, usual.sampling().sampler());
            GenerationRequest asked =
                    GenerationRequest.of(
                            "a bridge", 3, new ModelDefaults(64, 48, 2, 5, 77, SamplerKind.HEUN));
            GenerationRequest euler =
                    GenerationRequest.of("a bridge", 3, new ModelDefaults(64, 48, 2, 5, 77));
            assertArrayEquals(pixels(pipeline, asked), pixels(pipeline, usual));
            assertTrue(
                    !java.util.Arrays.equals(pixels(pipeline, euler), pixels(pipeline, usual)),
                    "Heun draws as Euler");
        }
        assertEquals(SamplerKind.HEUN, SamplingOptions.of(source.defaults()).sampler());
    }

    private static byte[] pixels(Sd3Pipeline pipeline, GenerationRequest request) {
        return pipeline.generate(request, GenerationListener.SILENT).get(0).picture().samples();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FlowMatchLCMScheduler",
                "UniPCMultistepScheduler",
                "DPMSolverMultistepScheduler",
            })
    void otherSchedulesAreNamed(String name) throws IOException {
        Path model = copy();
        Path schedule = model.resolve("scheduler/scheduler_config.json");
        Files.writeString(
                schedule,
                Files.readString(schedule).replace("FlowMatchEulerDiscreteScheduler", name));
        try (ModelSource source = ModelSource.open(model, null, null)) {
            assertTrue(refusal(source::schedule).contains(name));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "transformer,bitsandbytes",
        "transformer,torchao",
        "text_encoder_3,quanto",
    })
    void quantisedFoldersAreNamed(String part, String method) throws IOException {
        Path model = copy();
        Path config = model.resolve(part).resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replaceFirst(
                                "\\{",
                                "{\"quantization_config\":{\"quant_method\":\"" + method + "\"},"));
        ModelSource source = ModelSource.open(model, null, null);
        String message = refusal(() -> Sd3Model.load(source, LoadOptions.plain()));
        assertTrue(message.contains("quantization_config " + method), message);
        assertTrue(message.contains("get the model in fp16, bf16 or fp32"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "a.scaled_fp8, ComfyUI",
        "a.scale_weight, ComfyUI",
        "a.weight.absmax, bitsandbytes",
        "a.weight._data, quanto",
        "a.qweight, GPTQ",
        "a.weight_qdata, torchao",
    })
    void quantisedTensorsAreNamed(String tensor, String by) {
        String hint = Quantised.hint(List.of("b.weight", tensor));
        assertTrue(hint.contains(by), hint);
        assertEquals("", Quantised.hint(List.of("b.weight", "b.bias")));
    }

    @Test
    void aGgufFileIsNamed() throws IOException {
        Path file = folder.resolve("sd3.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(256)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put("GGUF".getBytes(StandardCharsets.US_ASCII))
                        .putInt(3)
                        .putLong(900)
                        .array());
        String message = refusal(() -> TensorCollection.open(file));
        assertTrue(message.contains("GGUF"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pytorch_model.bin",
                "pytorch_model.bin.index.json",
                "open_clip_pytorch_model.bin",
                "model.bin",
            })
    void aFolderWithAPickleAloneIsNamed(String name) throws IOException {
        Files.write(folder.resolve(name), new byte[] {1});
        Files.write(folder.resolve("training_args.bin"), new byte[] {1});
        String message = refusal(() -> TensorCollection.open(folder, "model", null));
        assertTrue(message.contains(name) && message.contains("a pickle can run code"), message);
    }

    /** Download caches keep weights as links, which outlive what they lead to. */
    @Test
    void aLinkToNothingIsNamed() throws IOException {
        Path link = folder.resolve("model.safetensors");
        Files.createSymbolicLink(link, Path.of("blobs/1234"));
        String message = refusal(() -> TensorCollection.open(folder, "model", null));
        assertTrue(message.contains(link + ": is a link to a file that is not there"), message);
    }

    @Test
    void encodersWithoutTheirWrapperAreRead() {
        Set<String> names = new LinkedHashSet<>();
        names.add("model.diffusion_model.x_embedder.proj.weight");
        names.add("text_encoders.clip_l.text_model.embeddings.token_embedding.weight");
        names.add("text_encoders.clip_l.logit_scale");
        names.add("text_encoders.clip_g.transformer.text_projection.weight");
        names.add("text_encoders.t5xxl.encoder.block.0.layer.0.SelfAttention.q.weight");
        names.add("text_encoders.t5xxl.logit_scale");
        SingleFileNames.check(folder, names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text_encoders.clip_l.something.weight",
                "text_encoders.clip_l.transformer.vision_model.weight",
                "text_encoders.clip_h.transformer.text_model.weight",
                "text_encoders.llama.model.layers.0.weight",
                "text_encoders.t5xxl.transformer.decoder.weight",
                "text_encoders.logit_scale",
                "vae2.encoder.weight",
            })
    void namesThatNoPartUsesAreRefused(String name) {
        String message = refusal(() -> SingleFileNames.check(folder, Set.of(name)));
        assertTrue(message.contains(name), message);
    }

    @Test
    void whatIsThereTwiceIsRefused() {
        String bare = "text_encoders.clip_l.text_model.final_layer_norm.weight";
        String wrapped = "text_encoders.clip_l.transformer.text_model.final_layer_norm.weight";
        assertTrue(
                refusal(() -> SingleFileNames.check(folder, Set.of(bare, wrapped)))
                        .contains("with and without"));
        Set<String> vaes = Set.of("vae.decoder.a", "first_stage_model.decoder.a");
        assertTrue(refusal(() -> SingleFileNames.check(folder, vaes)).contains("two autoencoders"));
    }

    @Test
    void tokenizersNestedBeyondReasonAreRefused() throws IOException {
        Path tokenizer = copy().resolve("tokenizer");
        String deep = "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        Files.writeString(tokenizer.resolve("vocab.json"), deep);
        assertTrue(refusal(() -> Tokenizer.load(tokenizer)).contains("vocab.json"));
    }

    @Test
    void hundredsOfThousandsOfAddedTokensAreRefused() throws IOException {
        Path tokenizer = copy().resolve("tokenizer");
        String added =
                IntStream.range(0, 200_000)
                        .mapToObj(i -> "\"%d\":{\"content\":\"<%d>\"}".formatted(i + 60_000, i))
                        .collect(Collectors.joining(",", "{\"added_tokens_decoder\":{", "}}"));
        Files.writeString(tokenizer.resolve("tokenizer_config.json"), added);
        assertTrue(refusal(() -> Tokenizer.load(tokenizer)).contains("added tokens"));
    }
}
