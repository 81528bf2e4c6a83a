package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.sd3.vae.VaeConfig;
import dev.stanstudio.sd3.vae.VaeKeys;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The training core on a small autoencoder: it learns, and a resumed training is the same one. */
class TrainingCoreTest {
    private static final VaeConfig TINY =
            new VaeConfig(3, 3, 4, List.of(8, 8), 1, 4, true, false, false, 32, 1, 0);

    private static Map<String, Tensor> initial(Scope scope) {
        RandomSource random = RandomSource.seeded(scope, 5);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        VaeKeys.shapes(TINY)
                .forEach(
                        (name, shape) -> {
                            Tensor draw = random.normal(scope, shape, DType.FP32);
                            boolean norm = shape.length == 1 && name.endsWith("weight");
                            Tensor one = Tensors.zeros(scope, shape, DType.FP32, Device.CPU);
                            double scale = shape.length > 1 ? 0.15 : 0.01;
                            Tensor start =
                                    Tensors.combine(
                                            scope,
                                            new double[] {scale, 1},
                                            List.of(draw, norm ? ones(scope, shape) : one),
                                            DType.FP32);
                            tensors.put(name, start);
                        });
        return tensors;
    }

    private static Tensor ones(Scope scope, long[] shape) {
        float[] values = new float[(int) shape[0]];
        java.util.Arrays.fill(values, 1);
        return Tensors.of(scope, values, shape);
    }

    /** A training of the decoder half towards a fixed picture. */
    private static final class Run implements AutoCloseable {
        final Scope scope = Scope.open("run");
        final ParameterSet parameters = ParameterSet.of(Device.CPU, initial(scope));
        final AdamW optimizer = new AdamW(parameters, AdamW.Settings.DEFAULTS);
        final Averages averages = new Averages(parameters, 0.9);
        final TrainingState state = new TrainingState(parameters, optimizer, averages);

        double step() {
            Placement fp32 = new Placement(Device.CPU, DType.FP32);
            try (Scope local = Scope.open("step");
                    Autograd recording = Autograd.record();
                    Vae vae = Vae.load(TINY, parameters, fp32)) {
                RandomSource random = RandomSource.seeded(local, optimizer.steps());
                Tensor latents = random.normal(local, new long[] {1, 4, 4, 4}, DType.FP32);
                Tensor made = vae.decode(local, latents, false, () -> {});
                Tensor wanted = Tensors.zeros(local, made.shape(), DType.FP32, Device.CPU);
                Tensor loss = Losses.meanSquare(local, made, wanted);
                List<Tensor> gradients = Tensors.gradients(local, loss, parameters.list());
                optimizer.update(gradients, 0.01);
                averages.update(optimizer.steps());
                return loss.toFloats()[0];
            }
        }

        byte[] all() {
            try (Scope local = Scope.open("all")) {
                List<Tensor> flat =
                        parameters.tensors().stream()
                                .map(t -> Tensors.reshape(local, t, new long[] {t.elements()}))
                                .toList();
                return Tensors.concat(local, flat, 0).toBytes();
            }
        }

        @Override
        public void close() {
            averages.close();
            optimizer.close();
            parameters.close();
            scope.close();
        }
    }

    @Test
    void whatTheLauncherLetsTheCLibraryKeepIsCounted() {
        String name = "MALLOC_TRIM_THRESHOLD_";
        assertEquals(536_870_912, ProcessMemory.keptFree(Map.of(name, "536870912")));
        assertEquals(0, ProcessMemory.keptFree(Map.of()));
        assertEquals(0, ProcessMemory.keptFree(Map.of(name, "-1")));
        assertEquals(0, ProcessMemory.keptFree(Map.of(name, "many")));
    }

    @Test
    void theLossFalls() {
        try (Run run = new Run()) {
            double first = run.step();
            double last = first;
            for (int i = 0; i < 30; i++) {
                last = run.step();
            }
            assertTrue(last < 0.5 * first, first + " … " + last);
        }
    }

    @Test
    void aResumedTrainingIsTheUnbrokenOne(@TempDir Path folder) {
        Path file = folder.resolve("state.safetensors");
        byte[] unbroken;
        List<float[]> averages;
        try (Run run = new Run()) {
            for (int i = 0; i < 3; i++) {
                run.step();
            }
            run.state.save(file, "settings", Map.of("best", "1"));
            for (int i = 0; i < 3; i++) {
                run.step();
            }
            unbroken = run.all();
            averages = run.averages.tensors().stream().map(Tensor::toFloats).toList();
        }
        try (Run run = new Run()) {
            Map<String, String> notes = run.state.load(file, "settings");
            assertEquals("1", notes.get("best"));
            assertEquals(3, run.optimizer.steps());
            for (int i = 0; i < 3; i++) {
                run.step();
            }
            assertArrayEquals(unbroken, run.all());
            for (int i = 0; i < averages.size(); i++) {
                assertArrayEquals(averages.get(i), run.averages.tensors().get(i).toFloats());
            }
            assertThrows(UserException.class, () -> run.state.load(file, "other"));
        }
    }

    @Test
    void divergedGradientsMoveNothing() {
        try (Run run = new Run();
                Scope scope = Scope.open("test")) {
            byte[] before = run.all();
            List<Tensor> bad =
                    run.parameters.tensors().stream()
                            .map(
                                    t ->
                                            Tensors.combine(
                                                    scope,
                                                    new double[] {Double.NaN},
                                                    List.of(t),
                                                    DType.FP32))
                            .toList();
            assertThrows(DivergedException.class, () -> run.optimizer.update(bad, 0.1));
            assertArrayEquals(before, run.all());
        }
    }

    @Test
    void learningRatesWarmUpAndFall() {
        LearningRate rate = new LearningRate(2, 4, 104, LearningRate.Shape.COSINE);
        assertEquals(0.4, rate.at(0), 1e-12);
        assertEquals(2, rate.at(4), 1e-12);
        assertEquals(1, rate.at(54), 1e-12);
        assertEquals(0, rate.at(104), 1e-12);
        LearningRate half = new LearningRate(2, 0, 100, LearningRate.Shape.CONSTANT_THEN_LINEAR);
        assertEquals(2, half.at(50), 1e-12);
        assertEquals(1, half.at(75), 1e-12);
    }

    @Test
    void aCheckpointWithoutANumberOfStepsIsRefused(@TempDir Path folder) {
        for (String steps : List.of("x", "-3", "")) {
            Path file = folder.resolve("state.safetensors");
            SafetensorsWriter.write(
                    file,
                    Map.of("training.step", steps, "training.settings", "settings"),
                    List.of());
            try (Run run = new Run()) {
                UserException e =
                        assertThrows(UserException.class, () -> run.state.load(file, "settings"));
                assertTrue(
                        String.valueOf(e.getMessage())
                                .contains("its number of steps is '" + steps + "'"),
                        e::getMessage);
            }
        }
    }
}
