package dev.stanstudio.sd3.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.text.T5Encoder;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.testing.Goldens;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every network against the reference's outputs on the same weights and inputs. */
class NetworkGoldensTest {
    private static final Placement FP32 = new Placement(Device.CPU, DType.FP32);

    private static void goOn() {}

    private static double tolerance(JsonNode rows, String name) {
        return Math.max(2e-5, 8 * rows.path(name).path("fp32_vs_fp64").asDouble());
    }

    @ParameterizedTest
    @CsvSource({"tiny-sd3,1", "tiny-sd3,2", "tiny-sd3.5,1", "tiny-sd3.5,2"})
    void clipTowers(String model, int which) {
        JsonNode rows = Goldens.json("networks/" + model + ".json");
        String prefix = which == 1 ? "text_encoder." : "text_encoder_2.";
        try (Goldens.File golden = new Goldens.File("networks/" + model + ".safetensors");
                ModelSource source = ModelSource.open(Goldens.path(model), null, null);
                Scope scope = Scope.open("test")) {
            ModelSource.ClipPart part = source.clip(which);
            try (ClipTextEncoder clip =
                    ClipTextEncoder.load(prefix, part.config(), part.weights(), FP32, false)) {
                ClipTextEncoder.Result result =
                        clip.encode(
                                scope,
                                golden.ids(prefix + "input_ids"),
                                0,
                                NetworkGoldensTest::goOn);
                check(golden, rows, prefix + "hidden_states.-2", result.hidden());
                check(golden, rows, prefix + "text_embeds", result.pooled());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-sd3", "tiny-sd3.5"})
    void t5(String model) {
        JsonNode rows = Goldens.json("networks/" + model + ".json");
        try (Goldens.File golden = new Goldens.File("networks/" + model + ".safetensors");
                ModelSource source = ModelSource.open(Goldens.path(model), null, null);
                Scope scope = Scope.open("test")) {
            ModelSource.T5Part part = source.t5().orElseThrow();
            try (T5Encoder t5 = T5Encoder.load(part.config(), part.weights(), FP32, false)) {
                Tensor states =
                        t5.encode(
                                scope,
                                golden.ids("text_encoder_3.input_ids"),
                                NetworkGoldensTest::goOn);
                check(golden, rows, "text_encoder_3.last_hidden_state", states);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-sd3,square", "tiny-sd3,tall", "tiny-sd3,one",
        "tiny-sd3.5,square", "tiny-sd3.5,tall", "tiny-sd3.5,one"
    })
    void transformer(String model, String input) {
        JsonNode rows = Goldens.json("networks/" + model + ".json");
        String prefix = "transformer." + input + ".";
        try (Goldens.File golden = new Goldens.File("networks/" + model + ".safetensors");
                ModelSource source = ModelSource.open(Goldens.path(model), null, null);
                Mmdit mmdit =
                        Mmdit.load(source.transformerConfig(), source.transformer(), FP32, false);
                Scope scope = Scope.open("test")) {
            Mmdit.Conditioning text =
                    mmdit.condition(
                            scope,
                            golden.tensor(prefix + "encoder_hidden_states"),
                            golden.tensor(prefix + "pooled_projections"),
                            1);
            float[] t = golden.tensor(prefix + "timestep").toFloats();
            double[] timesteps = new double[t.length];
            for (int i = 0; i < t.length; i++) {
                timesteps[i] = t[i];
            }
            Tensor latents = golden.tensor(prefix + "hidden_states");
            Tensor v = mmdit.forward(scope, latents, timesteps, text, Set.of(), i -> {});
            check(golden, rows, prefix + "sample", v);
            String skipped = prefix + "sample.skip_layers_1";
            if (golden.has(skipped)) {
                Tensor s = mmdit.forward(scope, latents, timesteps, text, Set.of(1), i -> {});
                check(golden, rows, skipped, s);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-sd3", "tiny-sd3.5"})
    void autoencoder(String model) {
        JsonNode rows = Goldens.json("networks/" + model + ".json");
        try (Goldens.File golden = new Goldens.File("networks/" + model + ".safetensors");
                ModelSource source = ModelSource.open(Goldens.path(model), null, null);
                Vae vae = Vae.load(source.vaeConfig(), source.vae(), FP32);
                Scope scope = Scope.open("test")) {
            Tensor moments =
                    vae.encode(
                            scope,
                            golden.tensor("vae.encode.image"),
                            false,
                            NetworkGoldensTest::goOn);
            check(golden, rows, "vae.encode.moments", moments);
            Tensor picture =
                    vae.decode(
                            scope,
                            golden.tensor("vae.decode.latents"),
                            false,
                            NetworkGoldensTest::goOn);
            check(golden, rows, "vae.decode.sample", picture);
        }
    }

    private static void check(Goldens.File golden, JsonNode rows, String name, Tensor ours) {
        Goldens.compare(name, ours, golden.tensor(name), tolerance(rows, name));
    }
}
