package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.model.LoadOptions;
import dev.stanstudio.sd3.model.ModelSource;
import dev.stanstudio.sd3.model.Offload;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import dev.stanstudio.testing.Goldens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole generations against the reference pipelines: embeddings, sigmas, latents, pictures. */
class TraceGoldensTest {

    /** Collects the traced tensors, those of several pictures joined. */
    private static final class Trace implements GenerationListener {
        private final Scope scope;
        private final Map<String, List<Tensor>> tensors = new LinkedHashMap<>();
        private final List<String> warnings = new ArrayList<>();

        Trace(Scope scope) {
            this.scope = scope;
        }

        @Override
        public boolean wantsTensors() {
            return true;
        }

        @Override
        public void onTensor(int picture, String name, Tensor tensor) {
            tensors.computeIfAbsent(name, n -> new ArrayList<>()).add(Tensors.share(scope, tensor));
        }

        @Override
        public void onWarning(String message) {
            warnings.add(message);
        }

        Tensor tensor(String name) {
            return Tensors.concat(scope, tensors.get(name), 0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stanstudio.testing.Goldens#traces")
    void equalsTheReference(Goldens.Case reference) {
        JsonNode json = reference.read();
        JsonNode arguments = json.path("arguments");
        DType dtype = DType.byLabel(arguments.path("dtype").asText("fp32")).orElseThrow();
        LoadOptions options = new LoadOptions(Device.CPU, dtype, Offload.NONE, true);
        ModelSource source = ModelSource.open(reference.model(), null, null);
        try (Sd3Pipeline pipeline = new Sd3Pipeline(Sd3Model.load(source, options));
                Goldens.File golden = reference.tensors();
                Scope scope = Scope.open("test")) {
            Trace trace = new Trace(scope);
            List<GeneratedPicture> pictures =
                    pipeline.generate(request(pipeline.model(), arguments, reference.set()), trace);
            JsonNode tolerance = json.path("tolerance");
            compare(golden, trace, tolerance, json.path("tensors"), reference.toString());
            comparePictures(pictures, reference, tolerance.path("image").asDouble());
            boolean isLong = arguments.path("prompt").asText().length() > 500;
            assertEquals(isLong, !trace.warnings.isEmpty(), "warnings " + trace.warnings);
        }
    }

    private static void compare(
            Goldens.File golden, Trace trace, JsonNode tolerance, JsonNode rows, String name) {
        rows.fieldNames()
                .forEachRemaining(
                        tensor -> {
                            double allowed = allowed(tensor, tolerance);
                            if (allowed > 0) {
                                Goldens.compare(
                                        name + " " + tensor,
                                        trace.tensor(tensor),
                                        golden.tensor(tensor),
                                        allowed);
                            }
                        });
    }

    /** The tolerance of a traced tensor; 0 for what is not ours to show. */
    private static double allowed(String tensor, JsonNode tolerance) {
        if (tensor.contains("prompt_embeds")) {
            return tolerance.path("prompt_embeds").asDouble();
        } else if (tensor.startsWith("latents.")) {
            return tolerance.path("latents").asDouble();
        } else if (tensor.equals("image")) {
            return tolerance.path("image").asDouble();
        }
        return tensor.equals("sigmas") ? 1e-7 : 0;
    }

    private static void comparePictures(
            List<GeneratedPicture> pictures, Goldens.Case reference, double tolerance) {
        boolean inpaint = reference.name().startsWith("inpaint");
        for (int i = 0; i < pictures.size() && !inpaint; i++) {
            Path file = reference.beside(pictures.size() == 1 ? ".png" : "-" + i + ".png");
            Picture theirs = Picture.read(file);
            byte[] a = pictures.get(i).picture().samples();
            byte[] b = theirs.toRgb().samples();
            assertEquals(b.length, a.length);
            int worst = 0;
            for (int k = 0; k < a.length; k++) {
                worst = Math.max(worst, Math.abs((a[k] & 255) - (b[k] & 255)));
            }
            double levels = Math.max(1, Math.ceil(tolerance * 255));
            assertTrue(worst <= levels, file + " differs by " + worst + " levels");
        }
    }

    private static GenerationRequest request(Sd3Model model, JsonNode a, Path set) {
        List<Long> seeds = new ArrayList<>();
        a.path("seeds").forEach(seed -> seeds.add(seed.asLong()));
        if (seeds.isEmpty()) {
            seeds.add(a.path("seed").asLong());
        }
        List<Double> sigmas = new ArrayList<>();
        a.path("sigmas").forEach(sigma -> sigmas.add(sigma.asDouble()));
        SamplingOptions sampling =
                new SamplingOptions(
                        a.path("steps").asInt(model.defaults().steps()),
                        a.path("guidance").asDouble(),
                        SamplerKind.of(a.path("sampler").asText("euler")),
                        schedule(a),
                        number(a, "shift"),
                        a.path("dynamic_shifting").asBoolean() ? Boolean.TRUE : null,
                        number(a, "mu"),
                        sigmas.isEmpty() ? null : sigmas,
                        guidance(a));
        return GenerationRequest.builder(model.defaults())
                .prompt(
                        new PromptTexts(
                                a.path("prompt").asText(),
                                text(a, "prompt_2"),
                                text(a, "prompt_3")))
                .negative(
                        new PromptTexts(
                                a.path("negative_prompt").asText(""),
                                text(a, "negative_prompt_2"),
                                text(a, "negative_prompt_3")))
                .text(
                        new TextOptions(
                                a.path("clip_skip").asInt(0),
                                !a.path("no_t5").asBoolean(),
                                a.path("max_sequence_length").asInt(256)))
                .size(a.path("width").asInt(), a.path("height").asInt())
                .seeds(seeds)
                .sampling(sampling)
                .skipLayer(skip(a))
                .image(image(a, set))
                .vaeTiling(a.path("vae_tiling").asBoolean())
                .build();
    }

    private static @Nullable SigmaSchedule schedule(JsonNode a) {
        String label = text(a, "sigma_schedule");
        return label == null ? null : SigmaSchedule.of(label);
    }

    private static @Nullable SkipLayerGuidance skip(JsonNode a) {
        if (!a.has("skip_layers")) {
            return null;
        }
        List<Integer> layers = new ArrayList<>();
        a.path("skip_layers").forEach(layer -> layers.add(layer.asInt()));
        return new SkipLayerGuidance(
                layers,
                a.path("slg_scale").asDouble(),
                a.path("slg_start").asDouble(),
                a.path("slg_stop").asDouble());
    }

    private static GuidanceOptions guidance(JsonNode a) {
        StepShare interval =
                new StepShare(
                        a.path("guidance_start").asDouble(0), a.path("guidance_stop").asDouble(1));
        ProjectedGuidance projected =
                new ProjectedGuidance(
                        a.path("apg_eta").asDouble(),
                        a.path("apg_norm").asDouble(),
                        a.path("apg_momentum").asDouble());
        List<Integer> layers = new ArrayList<>();
        a.path("pag_layers").forEach(layer -> layers.add(layer.asInt()));
        return new GuidanceOptions(
                interval,
                a.path("guidance_rescale").asDouble(),
                a.has("cfg_zero") ? new ZeroStar(a.path("cfg_zero").asInt()) : null,
                a.has("apg_eta") ? projected : null,
                layers.isEmpty()
                        ? null
                        : new PerturbedAttention(
                                layers, a.path("pag_scale").asDouble(), StepShare.ALL));
    }

    private static @Nullable ImageInput image(JsonNode a, Path set) {
        if (!a.has("init_image")) {
            return null;
        }
        String mask = a.has("mask") ? set.resolve(a.path("mask").asText()).toString() : null;
        return new ImageInput(
                set.resolve(a.path("init_image").asText()).toString(),
                null,
                mask,
                null,
                a.path("strength").asDouble());
    }

    private static @Nullable String text(JsonNode a, String name) {
        return a.has(name) ? a.path(name).asText() : null;
    }

    private static @Nullable Double number(JsonNode a, String name) {
        return a.has(name) ? a.path(name).asDouble() : null;
    }
}
