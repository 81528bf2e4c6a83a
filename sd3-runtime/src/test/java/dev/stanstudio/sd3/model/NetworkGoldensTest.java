package dev.stanstudio.sd3.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.testing.Goldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every network against the reference's outputs on the same weights and inputs, from folders, their
 * variants and single files.
 */
class NetworkGoldensTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);
    private static final Pattern SAMPLE =
            Pattern.compile("(transformer\\.\\w+\\.)sample(?:\\.skip_layers_(\\d+))?");

    private static void goOn() {}

    private static Stream<Goldens.Case> casesWith(String output) {
        return Goldens.networks().stream().filter(golden -> golden.read().has(output));
    }

    static Stream<Arguments> clipTowers() {
        return Stream.of(1, 2)
                .flatMap(
                        which ->
                                casesWith(clipPrefix(which) + "text_embeds")
                                        .map(golden -> Arguments.of(golden, which)));
    }

    static Stream<Goldens.Case> t5() {
        return casesWith("text_encoder_3.last_hidden_state");
    }

    static Stream<Goldens.Case> transformer() {
        return casesWith("transformer.square.sample");
    }

    static Stream<Goldens.Case> autoencoder() {
        return casesWith("vae.decode.sample");
    }

    private static String clipPrefix(int which) {
        return which == 1 ? "text_encoder." : "text_encoder_2.";
    }

    /** The checkpoint the outputs are of: the model's folder unless the file says otherwise. */
    private static ModelSource source(Goldens.Case golden) {
        JsonNode checkpoint = golden.read().path("_checkpoint");
        return checkpoint.has("file")
                ? ModelSource.open(
                        golden.set().resolve(checkpoint.path("file").asText()),
                        null,
                        golden.model())
                : ModelSource.open(golden.model(), checkpoint.path("variant").textValue(), null);
    }

    @ParameterizedTest
    @MethodSource
    void clipTowers(Goldens.Case golden, int which) {
        String prefix = clipPrefix(which);
        try (Goldens.File tensors = golden.tensors();
                ModelSource source = source(golden);
                Scope scope = Scope.open("test")) {
            ModelSource.ClipPart part = source.clip(which);
            try (ClipTextEncoder clip =
                    ClipTextEncoder.load(prefix, part.config(), part.weights(), FP32, false)) {
                ClipTextEncoder.Result result =
                        clip.encode(
                                scope,
                                tensors.ids(prefix + "input_ids"),
                                0,
                                NetworkGoldensTest::goOn);
                check(golden, tensors, prefix + "hidden_states.-2", result.hidden());
                check(golden, tensors, prefix + "text_embeds", result.pooled());
            }
        }
    }

    @ParameterizedTest
    @MethodSource
    void t5(Goldens.Case golden) {
        try (Goldens.File tensors = golden.tensors();
                ModelSource source = source(golden);
                Scope scope = Scope.open("test")) {
            ModelSource.T5Part part = source.t5().orElseThrow();
            try (T5Encoder t5 = T5Encoder.load(part.config(), part.weights(), FP32, false)) {
                Tensor states =
                        t5.encode(
                                scope,
                                tensors.ids("text_encoder_3.input_ids"),
                                NetworkGoldensTest::goOn);
                check(golden, tensors, "text_encoder_3.last_hidden_state", states);
            }
        }
    }

    @ParameterizedTest
    @MethodSource
    void transformer(Goldens.Case golden) {
        try (Goldens.File tensors = golden.tensors();
                ModelSource source = source(golden);
                Mmdit mmdit =
                        Mmdit.load(source.transformerConfig(), source.transformer(), FP32, false);
                Scope scope = Scope.open("test")) {
            for (String name : tensors.names()) {
                Matcher output = SAMPLE.matcher(name);
                if (output.matches()) {
                    Set<Integer> skipped =
                            output.group(2) == null
                                    ? Set.of()
                                    : Set.of(Integer.valueOf(output.group(2)));
                    Tensor v = velocity(scope, mmdit, tensors, output.group(1), skipped);
                    check(golden, tensors, name, v);
                }
            }
        }
    }

    private static Tensor velocity(
            Scope scope, Mmdit mmdit, Goldens.File tensors, String prefix, Set<Integer> skipped) {
        Mmdit.Conditioning text =
                mmdit.condition(
                        scope,
                        tensors.tensor(prefix + "encoder_hidden_states"),
                        tensors.tensor(prefix + "pooled_projections"),
                        1);
        float[] t = tensors.tensor(prefix + "timestep").toFloats();
        double[] timesteps = IntStream.range(0, t.length).mapToDouble(i -> t[i]).toArray();
        Tensor latents = tensors.tensor(prefix + "hidden_states");
        return mmdit.forward(
                scope, latents, timesteps, text, new Perturbation(skipped, Set.of()), i -> {});
    }

    @ParameterizedTest
    @MethodSource
    void autoencoder(Goldens.Case golden) {
        try (Goldens.File tensors = golden.tensors();
                ModelSource source = source(golden);
                Vae vae = Vae.load(source.vaeConfig(), source.vae(), FP32);
                Scope scope = Scope.open("test")) {
            Tensor moments =
                    vae.encode(
                            scope,
                            tensors.tensor("vae.encode.image"),
                            false,
                            NetworkGoldensTest::goOn);
            check(golden, tensors, "vae.encode.moments", moments);
            Tensor picture =
                    vae.decode(
                            scope,
                            tensors.tensor("vae.decode.latents"),
                            false,
                            NetworkGoldensTest::goOn);
            check(golden, tensors, "vae.decode.sample", picture);
        }
    }

    private static void check(Goldens.Case golden, Goldens.File tensors, String name, Tensor ours) {
        double ownError = golden.read().path(name).path("fp32_vs_fp64").asDouble();
        Goldens.compare(
                golden.name() + " " + name,
                ours,
                tensors.tensor(name),
                Math.max(2e-5, 8 * ownError));
    }

    /** The tests above cover unaligned tensors and old names only as long as some file has them. */
    @Test
    void theOwnSetHoldsEveryForm() throws IOException {
        int unaligned = 0;
        int oldNames = 0;
        for (Path file : weights(Goldens.sets().get(0))) {
            TensorCollection weights = TensorCollection.open(file);
            unaligned += weights.files().get(0).dataOffset() % 2 == 1 ? 1 : 0;
            oldNames +=
                    weights.tensors().keySet().stream().anyMatch(n -> n.contains(".proj_attn."))
                            ? 1
                            : 0;
        }
        assertTrue(unaligned > 1, "no files whose tensors start at an odd byte");
        assertTrue(oldNames > 0, "no autoencoder under the old names");
    }

    private static Iterable<Path> weights(Path set) throws IOException {
        try (Stream<Path> files = Files.walk(set)) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).toList();
        }
    }
}
