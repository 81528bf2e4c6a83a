package dev.stanstudio.adapter.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.training.Run;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.GenerationListener;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.PromptTexts;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.Sd3Pipeline;
import dev.stanstudio.sd3.pipeline.TextOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import dev.stanstudio.sd3.text.TextAdapters;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * LoRAs of the text encoders against diffusers, PEFT and LyCORIS, which {@code
 * docs/reference/text_adapters.py} asked: embeddings and whole pictures.
 */
class TextAdaptersReferenceTest {
    private static final Path FOLDER =
            Goldens.own("")
                    .resolve("../../../../..")
                    .resolve("stan-adapter/src/test/resources/reference/text")
                    .normalize();
    private static final double EMBEDDINGS = 2e-5;
    private static final double LATENTS = 1e-4;

    /** A merged weight is rounded once more. */
    private static final double MERGED = 1e-4;

    private static final String PROMPT = "a green boat near the bridge";
    private static final int LENGTH = 20;

    private Sd3Pipeline pipeline;

    @TempDir Path folder;

    @BeforeEach
    void open() {
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
        pipeline = new Sd3Pipeline(Sd3Model.load(source, options));
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    private static WeightedAdapter use(String name) {
        int at = name.indexOf('@');
        double weight = at < 0 ? 1 : Double.parseDouble(name.substring(at + 1));
        Path path = FOLDER.resolve(at < 0 ? name : name.substring(0, at));
        return new WeightedAdapter(path.toString(), null, weight);
    }

    private PromptEmbeds embeds(Scope scope, TextAdapters adapters) {
        return embeds(scope, pipeline.model(), adapters);
    }

    private static PromptEmbeds embeds(Scope scope, Sd3Model model, TextAdapters adapters) {
        return model.prompts()
                .encode(
                        scope,
                        Prompt.of(PROMPT),
                        new PromptEncoder.Reading(0, LENGTH, true),
                        adapters,
                        () -> {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "diffusers",
                "diffusers@0.6",
                "peft/text_encoder",
                "peft/text_encoder_2",
                "peft/text_encoder_3",
                "kohya.safetensors",
                "lycoris.safetensors"
            })
    void promptsAreEncodedAsTheReferenceDoes(String name) {
        List<String> warnings = new ArrayList<>();
        try (PipelineAdapters loader = new PipelineAdapters();
                AdapterLoader.Loaded loaded =
                        loader.load(
                                pipeline.model(), List.of(use(name)), List.of(), warnings::add);
                Goldens.File golden = new Goldens.File(FOLDER.resolve("outputs.safetensors"));
                Scope scope = Scope.open("test")) {
            PromptEmbeds embeds = embeds(scope, loaded.text());
            String key = name.replace(".safetensors", "");
            Tensor tokens = embeds.expanded(scope);
            Goldens.compare(key, tokens, golden.tensor(key + ".prompt_embeds"), EMBEDDINGS);
            Goldens.compare(key, embeds.pooled(), golden.tensor(key + ".pooled"), EMBEDDINGS);
        }
        assertEquals(List.of(), warnings);
    }

    private float[] latents(List<WeightedAdapter> adapters) {
        List<float[]> last = new ArrayList<>();
        pipeline.generate(
                GenerationRequest.builder(pipeline.model().defaults())
                        .prompt(PromptTexts.of(PROMPT))
                        .negative(PromptTexts.of("a bridge"))
                        .text(new TextOptions(0, true, LENGTH))
                        .size(48, 32)
                        .seeds(List.of(7L))
                        .sampling(SamplingOptions.of(3, 4.0))
                        .adapters(adapters)
                        .build(),
                new GenerationListener() {
                    @Override
                    public boolean wantsTensors() {
                        return true;
                    }

                    @Override
                    public void onTensor(int picture, String tensor, Tensor value) {
                        if (tensor.equals("latents.3")) {
                            last.add(value.toFloats());
                        }
                    }
                });
        return last.get(0);
    }

    @ParameterizedTest
    @CsvSource({"none", "diffusers", "diffusers@0.6", "kohya.safetensors"})
    void picturesAreThoseOfTheReference(String name) {
        try (Goldens.File golden = new Goldens.File(FOLDER.resolve("outputs.safetensors"));
                Scope scope = Scope.open("test")) {
            float[] drawn = latents(name.equals("none") ? List.of() : List.of(use(name)));
            Tensor expected = golden.tensor(name.replace(".safetensors", "") + ".latents");
            Goldens.compare(name, Tensors.of(scope, drawn, expected.shape()), expected, LATENTS);
        }
    }

    /** The file was written by {@code train --text-encoders}; diffusers was asked with it. */
    @Test
    void trainedFilesAreReadAsDiffusersReadsThem() {
        Path trained = FOLDER.resolveSibling("text-trained");
        WeightedAdapter use = new WeightedAdapter(trained.toString(), null, 1);
        List<String> warnings = new ArrayList<>();
        try (PipelineAdapters loader = new PipelineAdapters();
                AdapterLoader.Loaded loaded =
                        loader.load(pipeline.model(), List.of(use), List.of(), warnings::add);
                Goldens.File golden = new Goldens.File(trained.resolve("outputs.safetensors"));
                Scope scope = Scope.open("test")) {
            PromptEmbeds embeds = embeds(scope, loaded.text());
            Tensor tokens = embeds.expanded(scope);
            Goldens.compare("trained", tokens, golden.tensor("prompt_embeds"), EMBEDDINGS);
            Goldens.compare("trained", embeds.pooled(), golden.tensor("pooled"), EMBEDDINGS);
            Tensor expected = golden.tensor("latents");
            Tensor drawn = Tensors.of(scope, latents(List.of(use)), expected.shape());
            Goldens.compare("trained", drawn, expected, LATENTS);
        }
        assertEquals(List.of(), warnings);
    }

    @Test
    void weightZeroIsNone() {
        assertArrayEquals(latents(List.of()), latents(List.of(use("kohya.safetensors@0"))));
        try (PipelineAdapters loader = new PipelineAdapters();
                AdapterLoader.Loaded loaded =
                        loader.load(
                                pipeline.model(),
                                List.of(use("kohya.safetensors@0")),
                                List.of(),
                                warning -> {})) {
            assertSame(TextAdapters.NONE, loaded.text());
        }
    }

    @Test
    void weightsOfBlocksAreNotForTextEncoders() {
        WeightedAdapter kohya = use("kohya.safetensors");
        assertArrayEquals(
                latents(List.of(kohya)),
                latents(List.of(kohya.within(BlockWeights.parse("0-1:0,outside:0")))));
    }

    @Test
    void requestsAtTheSameTimeDoNotMix() throws Exception {
        List<List<WeightedAdapter>> requests = new ArrayList<>();
        for (String name : List.of("diffusers", "kohya.safetensors", "diffusers@0.6")) {
            requests.add(List.of(use(name)));
        }
        requests.add(List.of());
        requests.add(List.of(use("diffusers"), use("kohya.safetensors@0.5")));
        List<float[]> alone = requests.stream().map(this::latents).toList();
        for (int i = 1; i < alone.size(); i++) {
            assertFalse(Arrays.equals(alone.get(0), alone.get(i)), "request " + i);
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<float[]>> together = new ArrayList<>();
            for (int round = 0; round < 2; round++) {
                requests.forEach(one -> together.add(threads.submit(() -> latents(one))));
            }
            for (int i = 0; i < together.size(); i++) {
                assertArrayEquals(alone.get(i % alone.size()), together.get(i).get(), "" + i);
            }
        } finally {
            threads.shutdown();
        }
    }

    private Path file(String name, int width, String... modules) {
        List<SafetensorsWriter.Tensor> tensors = new ArrayList<>();
        for (String module : modules) {
            tensors.addAll(
                    Samples.pair(module, 2, width, width, ".lora_A.weight", ".lora_B.weight"));
        }
        return Samples.write(folder.resolve(name), Map.of(), tensors);
    }

    private static final String LAYER = "text_model.encoder.layers.0.self_attn.q_proj";

    @Test
    void anotherWidthIsSaidInOneLine() {
        Path wide = file("wide.safetensors", 24, "text_encoder." + LAYER);
        UserException refused =
                assertThrows(
                        UserException.class,
                        () -> latents(List.of(new WeightedAdapter(wide.toString(), null, 1))));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains(
                                "for text_encoder."
                                        + LAYER
                                        + " it needs [24, 24], the model has [12, 12]"),
                refused::getMessage);
    }

    @Test
    void aClipOfAFolderWithAnotherNameIsRefusedInOneLine() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("lora"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(FOLDER.resolve("peft/text_encoder_2/" + name), copy.resolve(name));
        }
        UserException refused = assertThrows(UserException.class, () -> AdapterFile.open(copy));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("does not say which; call its folder text_encoder"),
                refused::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text_encoder." + LAYER,
                "text_encoder.encoder.layers.0.self_attn.q_proj",
                "text_encoders.clip_l.transformer." + LAYER,
                "clip_l." + LAYER,
                "lora_te_text_model_encoder_layers_0_self_attn_q_proj",
                "base_model.model.text_encoder." + LAYER
            })
    void namesOfOtherProgramsMeanTheSameLayer(String name) {
        try (AdapterFile file = AdapterFile.open(file("names.safetensors", 12, name))) {
            assertEquals(List.of("text_encoder." + LAYER), List.copyOf(file.modules().keySet()));
            assertEquals(List.of(), file.leftOut());
        }
    }

    @ParameterizedTest
    @CsvSource({"FP16, 0.02", "BF16, 0.15"})
    void halfTypesStayNear(DType type, double tolerance) {
        LoadOptions options = new LoadOptions(Device.CPU, type, Offload.NONE, true);
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        try (Sd3Model model = Sd3Model.load(source, options);
                PipelineAdapters loader = new PipelineAdapters();
                AdapterLoader.Loaded loaded =
                        loader.load(
                                model, List.of(use("kohya.safetensors")), List.of(), line -> {});
                Goldens.File golden = new Goldens.File(FOLDER.resolve("outputs.safetensors"));
                Scope scope = Scope.open("test")) {
            PromptEmbeds embeds = embeds(scope, model, loaded.text());
            float[] drawn = embeds.expanded(scope).toFloats();
            float[] expected = golden.tensor("kohya.prompt_embeds").toFloats();
            double worst = 0;
            double largest = 0;
            for (int i = 0; i < drawn.length; i++) {
                worst = Math.max(worst, Math.abs(drawn[i] - expected[i]));
                largest = Math.max(largest, Math.abs(expected[i]));
            }
            System.out.printf("%s: worst %.2e of %.2e%n", type, worst, largest);
            assertTrue(worst < tolerance * largest, worst + " of " + largest);
        }
    }

    @Test
    void anEncoderThatIsNotReadIsNamed() {
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, false);
        ModelSource source = ModelSource.open(Goldens.own("tiny-3.0"), null, null);
        List<String> warnings = new ArrayList<>();
        try (Sd3Model model = Sd3Model.load(source, options);
                PipelineAdapters loader = new PipelineAdapters();
                AdapterLoader.Loaded loaded =
                        loader.load(
                                model,
                                List.of(use("kohya.safetensors")),
                                List.of(),
                                warnings::add)) {
            assertEquals(1, warnings.size(), warnings::toString);
            assertTrue(
                    warnings.get(0)
                            .endsWith(
                                    "14 modules of text_encoder_3 are left out, since the model is"
                                            + " used without that encoder"),
                    warnings.get(0));
            assertEquals(
                    List.of(warnings.get(0).replaceFirst("^.*: ", "")),
                    loaded.uses().get(0).notApplied());
        }
    }

    private Path merged(String adapter) {
        Path out = folder.resolve("merged");
        Run run =
                Run.of(
                        "merge",
                        FOLDER.resolve(adapter).toString(),
                        "--model",
                        Goldens.own("tiny-3.0").toString(),
                        "--out",
                        out.toString());
        assertEquals(0, run.code(), run::message);
        assertEquals("", run.err());
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {"kohya", "lycoris", "peft/text_encoder"})
    void mergedEncodersAnswerAsTheReference(String name) throws IOException {
        boolean file = Files.exists(FOLDER.resolve(name + ".safetensors"));
        Path out = merged(file ? name + ".safetensors" : name);
        Path model = folder.resolve("model");
        copy(Goldens.own("tiny-3.0"), model);
        for (String encoder : List.of("text_encoder", "text_encoder_2", "text_encoder_3")) {
            boolean changed = Files.isDirectory(out.resolve(encoder));
            assertEquals(file || encoder.equals("text_encoder"), changed, encoder);
            if (changed) {
                copy(out.resolve(encoder), model.resolve(encoder));
            }
        }
        LoadOptions options = new LoadOptions(Device.CPU, DType.FP32, Offload.NONE, true);
        try (Sd3Model changed = Sd3Model.load(ModelSource.open(model, null, null), options);
                Goldens.File golden = new Goldens.File(FOLDER.resolve("outputs.safetensors"));
                Scope scope = Scope.open("test")) {
            PromptEmbeds embeds =
                    changed.prompts()
                            .encode(
                                    scope,
                                    Prompt.of(PROMPT),
                                    new PromptEncoder.Reading(0, LENGTH, true),
                                    () -> {});
            Tensor tokens = embeds.expanded(scope);
            Goldens.compare(name, tokens, golden.tensor(name + ".prompt_embeds"), MERGED);
            Goldens.compare(name, embeds.pooled(), golden.tensor(name + ".pooled"), MERGED);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Test
    void convertedAndJoinedFilesKeepTheEncoders() {
        float[] expected = latents(List.of(use("kohya.safetensors")));
        Path converted = folder.resolve("converted");
        String kohya = FOLDER.resolve("kohya.safetensors").toString();
        Run run = Run.of("convert", kohya, "--to", "diffusers", "--out", converted.toString());
        assertEquals(0, run.code(), run::message);
        assertEquals("", run.err());
        close(expected, latents(List.of(new WeightedAdapter(converted.toString(), null, 1))));
        Path joined = folder.resolve("joined");
        Run half = Run.of("merge", kohya + "=0.5", kohya + "=0.5", "--out", joined.toString());
        assertEquals(0, half.code(), half::message);
        close(expected, latents(List.of(new WeightedAdapter(joined.toString(), null, 1))));
        Run peft =
                Run.of(
                        "convert",
                        FOLDER.resolve("diffusers").toString(),
                        "--to",
                        "peft",
                        "--out",
                        folder.resolve("peft").toString());
        assertTrue(
                peft.err()
                        .contains(
                                "8 modules of text_encoder are left out, since --to peft writes the"
                                        + " transformer's alone; --to diffusers keeps them"),
                peft.err());
    }

    private static void close(float[] expected, float[] actual) {
        assertArrayEquals(expected, actual, (float) LATENTS);
    }
}
