package dev.stanstudio.pretrain.mmdit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.pretrain.InitialWeights;
import dev.stanstudio.pretrain.NanoFolder;
import dev.stanstudio.safetensors.SafetensorsFile;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.TensorMap;
import dev.stanstudio.sd3.mmdit.ControlNet;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.mmdit.MmditKeys;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.model.ControlSource;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.sd3.vae.VaeKeys;
import dev.stanstudio.testing.Goldens;
import dev.stanstudio.training.LearningRate;
import dev.stanstudio.training.RectifiedFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains control networks for a drawn transformer: how they begin, learn, resume and are kept. */
class ControlPretrainingTest {
    private static final int COUNT = 6;
    private static final int STEPS = 60;
    private static final int BATCH = 8;
    private static final MmditConfig TINY =
            new MmditConfig(4, 2, 4, 3, 16, 2, 12, 10, 4, 8, Set.of(), false);
    private static final VaeConfig VAE =
            new VaeConfig(3, 3, 4, List.of(8, 8, 8, 8), 1, 8, true, false, false, 128, 1, 0);

    private final Scope scope = Scope.open("test");
    private ControlPretraining.Base base;
    private ControlData data;
    private Vae vae;

    @BeforeEach
    void draw() {
        data = data(4);
        base =
                new ControlPretraining.Base(
                        TINY, new TensorMap("drawn transformer", weights(MmditKeys.shapes(TINY))));
        Placement placement = new Placement(Device.CPU, DType.FP32);
        vae =
                Vae.load(
                        VAE,
                        new TensorMap("drawn autoencoder", weights(VaeKeys.shapes(VAE))),
                        placement);
    }

    /** Latents of this side, which a network can only tell apart by those of their edges. */
    private ControlData data(int side) {
        RandomSource random = RandomSource.seeded(scope, 3);
        Tensor latents = random.normal(scope, new long[] {COUNT, 4, side, side}, DType.FP16);
        long[] held = {BaseData.HELD_OUT, 4, side, side};
        Tensor heldOut = random.normal(scope, held, DType.FP32);
        Tensor tokens = random.normal(scope, new long[] {COUNT + 1, 5, 12}, DType.FP16);
        Tensor pooled = random.normal(scope, new long[] {COUNT + 1, 10}, DType.FP16);
        List<Integer> rows = Collections.nCopies(COUNT + BaseData.HELD_OUT, 1);
        Picture black = Picture.of(128, 128, PixelMode.RGB, new byte[128 * 128 * 3]);
        return ControlData.of(
                scope,
                new BaseData(latents, new CaptionTable(tokens, pooled, 8, rows), heldOut),
                latents,
                heldOut,
                Collections.nCopies(BaseData.HELD_OUT, black));
    }

    private Map<String, Tensor> weights(Map<String, long[]> shapes) {
        return InitialWeights.draw(
                scope,
                shapes,
                1,
                InitialWeights.KEEPING,
                name -> name.contains("norm") && !name.contains("linear"),
                name -> false);
    }

    @AfterEach
    void close() {
        vae.close();
        scope.close();
    }

    private ControlPretraining start(int shards) {
        return start(shards, data);
    }

    private ControlPretraining start(int shards, ControlData given) {
        MmditSettings settings =
                new MmditSettings(
                        STEPS,
                        BATCH,
                        shards,
                        new LearningRate(5e-3, 5, STEPS, LearningRate.Shape.CONSTANT),
                        0.1,
                        0.9,
                        7,
                        DType.FP32,
                        "drawn");
        return new ControlPretraining(
                base, ControlNetConfig.of(TINY, 2), settings, Device.CPU, given, vae);
    }

    @Test
    void itBeginsAsTheModelWithoutControl() {
        try (ControlPretraining training = start(1);
                Mmdit alone = Mmdit.trainable(TINY, base.weights(), training.placement());
                Scope local = Scope.open("alone")) {
            FlowBatch batch = FlowBatch.heldOut(local, data.joined(), 0, BATCH);
            Tensor latents = data.latents(local, batch.latents());
            Tensor noise = data.latents(local, batch.noise());
            Tensor noisy = RectifiedFlow.noisy(local, latents, noise, batch.sigmas(1), DType.FP32);
            Tensor velocity =
                    alone.forward(
                            local,
                            noisy,
                            batch.sigmas(FlowPretraining.TIMESTEPS),
                            alone.condition(
                                    local,
                                    training.cast(local, batch.tokens()),
                                    training.cast(local, batch.pooled()),
                                    8),
                            Perturbation.NONE,
                            block -> {});
            assertArrayEquals(
                    RectifiedFlow.loss(local, velocity, latents, noise).toFloats(),
                    training.loss(local, batch).toFloats());
        }
    }

    @Test
    void itLearnsWhatItsControlPicturesSay() {
        try (ControlPretraining training = start(1)) {
            double before = fixed(training);
            while (training.steps() < STEPS) {
                training.step();
            }
            double after = fixed(training);
            System.out.println("loss of a fixed batch " + before + " to " + after);
            assertTrue(after < 0.8 * before, before + " to " + after);
            assertTrue(training.validate().get("loss") < before);
        }
    }

    private double fixed(ControlPretraining training) {
        try (Scope local = Scope.open("fixed")) {
            FlowBatch batch = FlowBatch.draw(local, data.joined(), BATCH, 0, 99, 0);
            return training.loss(local, batch).toFloats()[0];
        }
    }

    @Test
    void itResumesToTheBit(@TempDir Path folder) {
        Path checkpoint = folder.resolve("control.safetensors");
        Map<String, Double> unbroken;
        try (ControlPretraining training = start(2)) {
            training.step();
            training.save(checkpoint);
            training.step();
            unbroken = training.step();
        }
        try (ControlPretraining training = start(2)) {
            training.resume(checkpoint);
            training.step();
            assertEquals(unbroken, training.step());
        }
    }

    /** The reference wrote {@code controls/joint}: the same fields, and the same tensors. */
    @Test
    void whatItWritesIsAFolderOfTheReferences(@TempDir Path folder) throws IOException {
        ControlNetConfig config = ControlNetConfig.of(TINY, 2);
        try (ControlPretraining training = start(1)) {
            training.step();
            new NanoFolder(folder).control(config, TINY.sampleSize(), training.averagedWeights());
        }
        Path reference = Goldens.own("controls/joint");
        JsonNode own = Json.STRICT.readTree(folder.resolve("config.json").toFile());
        JsonNode theirs = Json.STRICT.readTree(reference.resolve("config.json").toFile());
        Set<String> fields = fields(theirs);
        fields.remove("_diffusers_version");
        assertEquals(fields, fields(own));
        String file = "diffusion_pytorch_model.safetensors";
        assertEquals(tensors(reference.resolve(file)), tensors(folder.resolve(file)));
        try (ControlSource source = ControlSource.open(folder)) {
            ControlNetConfig read = source.fitting("drawn", TINY);
            assertEquals(config, read);
            try (ControlNet network =
                    ControlNet.load(
                            read, source.weights(), new Placement(Device.CPU, DType.FP32), false)) {
                assertEquals(config, network.config());
            }
        }
    }

    private static Set<String> fields(JsonNode json) {
        return json.properties().stream()
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tensors(Path file) {
        return new TreeSet<>(SafetensorsFile.open(file).tensors().keySet());
    }

    @Test
    void itDrawsWithItsControlPictures(@TempDir Path folder) throws IOException {
        ControlData large = data(16);
        try (ControlPretraining training = start(1, large)) {
            training.step();
            Path sheet = folder.resolve("sheet.png");
            training.drawSamples(sheet);
            Picture drawn = Picture.read(sheet);
            assertEquals(8 * 128 + 7 * 2, drawn.width());
            assertEquals(4 * 128 + 3 * 2, drawn.height());
            assertTrue(Files.size(sheet) > 0);
            assertTrue(
                    IntStream.range(0, 128).allMatch(x -> drawn.sample(x, 5, 0) == 0),
                    "the first row is the control pictures'");
        }
    }

    @Test
    void aNetworkNeedsABlockLessThanItsModel() {
        UserException refused =
                assertThrows(UserException.class, () -> ControlNetConfig.of(TINY, 3));
        assertEquals("a ControlNet of this model has 1 … 2 blocks, not 3", refused.getMessage());
    }
}
