package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fifty steps of every optimizer beside its public program, on a problem with two matrices and a
 * vector ({@code docs/reference/optimizers.py}); and a checkpoint in between.
 */
class OptimizerReferenceTest {
    private static final int STEPS = 50;
    private static final int EVERY = 5;
    private static final double TOLERANCE = 1e-4;
    private static final double DECAY = 0.01;
    private static final List<String> NAMES = List.of("a", "b", "c");

    /** The problem, its parameters and an optimizer; close it. */
    private static final class Problem implements AutoCloseable {
        private final Scope scope = Scope.open("problem");
        private final TensorFiles files = new TensorFiles();
        private final TensorCollection stored = TensorCollection.open(reference());
        final ParameterSet parameters;
        final Optimizer optimizer;
        final Averages averages;

        Problem(OptimizerSettings settings) {
            Map<String, Tensor> start = new LinkedHashMap<>();
            NAMES.forEach(name -> start.put(name, read("start." + name)));
            parameters = ParameterSet.of(Device.CPU, start);
            optimizer = settings.begin(parameters, ParameterRules.NONE);
            averages = new Averages(parameters, 0);
        }

        private static Path reference() {
            try {
                return Path.of(
                        Objects.requireNonNull(
                                        OptimizerReferenceTest.class.getResource(
                                                "/reference/optimizers.safetensors"))
                                .toURI());
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }

        Tensor read(String name) {
            return files.open(scope, stored.tensor(name));
        }

        void steps(int from, int to, double rate) {
            for (int t = from; t < to; t++) {
                try (Scope local = Scope.open("step")) {
                    List<Tensor> gradients = new ArrayList<>();
                    for (String name : NAMES) {
                        Tensor p = parameters.byName().get(name);
                        Tensor noise = Tensors.narrow(local, read("noise." + name), 0, t, t + 1);
                        gradients.add(
                                Tensors.combine(
                                        local,
                                        new double[] {1, -1, 1},
                                        List.of(
                                                Tensors.of(local, p.toFloats(), p.shape()),
                                                read("target." + name),
                                                Tensors.reshape(local, noise, p.shape())),
                                        DType.FP32));
                    }
                    optimizer.update(gradients, rate);
                    optimizer.average(averages);
                }
            }
        }

        TrainingState state() {
            return new TrainingState(parameters, optimizer, averages);
        }

        static float[] flat(List<Tensor> tensors) {
            int count = tensors.stream().mapToInt(t -> (int) t.elements()).sum();
            float[] all = new float[count];
            int place = 0;
            for (Tensor tensor : tensors) {
                float[] values = tensor.toFloats();
                System.arraycopy(values, 0, all, place, values.length);
                place += values.length;
            }
            return all;
        }

        @Override
        public void close() {
            averages.close();
            optimizer.close();
            parameters.close();
            files.close();
            scope.close();
        }
    }

    private static OptimizerSettings settings(OptimizerName name, String... numbers) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String number : numbers) {
            int equals = number.indexOf('=');
            given.put(number.substring(0, equals), number.substring(equals + 1));
        }
        return name.settings(given, DECAY, 1);
    }

    private static double difference(float[] a, float[] b, int from) {
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs(a[i] - b[from + i]));
        }
        return worst;
    }

    @ParameterizedTest
    @CsvSource({
        "adamw, ADAMW, ",
        "prodigy, PRODIGY, ",
        "prodigy-corrected, PRODIGY, d-coef=2;bias-correction=1;safeguard-warm-up=1",
        "schedule-free, SCHEDULE_FREE, ",
        "lion, LION, ",
        "adafactor, ADAFACTOR, ",
        "adafactor-sized, ADAFACTOR, scale-parameter=1",
        "came, CAME, ",
        "muon, MUON, "
    })
    void fiftyStepsAreThePublicProgramsSteps(String course, OptimizerName name, String numbers) {
        String[] given = numbers == null ? new String[0] : numbers.split(";");
        try (Problem problem = new Problem(settings(name, given))) {
            float[] wanted = problem.read("course." + course).toFloats();
            double rate = problem.read("rate." + course).toFloats()[0];
            double worst = 0;
            for (int row = 0; row < STEPS / EVERY; row++) {
                problem.steps(row * EVERY, (row + 1) * EVERY, rate);
                float[] own = Problem.flat(problem.parameters.tensors());
                worst = Math.max(worst, difference(own, wanted, row * own.length));
            }
            double judged =
                    difference(
                            Problem.flat(problem.averages.tensors()),
                            problem.read("judged." + course).toFloats(),
                            0);
            System.out.printf(
                    Locale.ROOT, "%-18s worst %.1e, judged %.1e%n", course, worst, judged);
            assertTrue(worst <= TOLERANCE, course + " differs by " + worst);
            assertTrue(judged <= TOLERANCE, course + " is judged at " + judged);
        }
    }

    @ParameterizedTest
    @EnumSource(OptimizerName.class)
    void aCheckpointGoesOnToTheBit(OptimizerName name, @TempDir Path folder) {
        OptimizerSettings settings = settings(name);
        double rate = name == OptimizerName.PRODIGY ? 1 : 1e-2;
        Path file = folder.resolve("checkpoint.safetensors");
        try (Problem whole = new Problem(settings);
                Problem first = new Problem(settings);
                Problem second = new Problem(settings)) {
            whole.steps(0, 20, rate);
            first.steps(0, 9, rate);
            first.state().save(file, "x", Map.of());
            second.state().load(file, "x");
            second.steps(9, 20, rate);
            assertEquals(20, second.optimizer.steps());
            assertArrayEquals(
                    Problem.flat(whole.parameters.tensors()),
                    Problem.flat(second.parameters.tensors()));
            assertArrayEquals(
                    Problem.flat(whole.averages.tensors()),
                    Problem.flat(second.averages.tensors()));
        }
    }

    @Test
    void scheduleFreeIsJudgedAtItsAverageAndGoesOnFromWhereItWas() {
        try (Problem problem = new Problem(settings(OptimizerName.SCHEDULE_FREE))) {
            problem.steps(0, 10, 1e-2);
            float[] before = Problem.flat(problem.parameters.tensors());
            List<float[]> judged = new ArrayList<>();
            problem.optimizer.whileJudged(
                    () -> judged.add(Problem.flat(problem.parameters.tensors())));
            assertArrayEquals(Problem.flat(problem.averages.tensors()), judged.get(0));
            assertTrue(!Arrays.equals(before, judged.get(0)), "y and x are the same");
            assertArrayEquals(before, Problem.flat(problem.parameters.tensors()));
        }
    }

    @Test
    void ratesOfSingleParametersScaleTheirSteps() {
        OptimizerSettings settings = OptimizerName.LION.settings(Map.of(), 0, 0);
        try (Problem problem = new Problem(settings);
                Optimizer faster =
                        settings.begin(
                                problem.parameters,
                                new ParameterRules(Set.of(), Map.of("b", 4.0)))) {
            float[] a = problem.parameters.byName().get("a").toFloats();
            try (Scope local = Scope.open("ones")) {
                List<Tensor> ones = new ArrayList<>();
                for (Tensor p : problem.parameters.tensors()) {
                    float[] values = new float[(int) p.elements()];
                    Arrays.fill(values, 1);
                    ones.add(Tensors.of(local, values, p.shape()));
                }
                faster.update(ones, 0.125);
            }
            assertEquals(-0.5f, problem.parameters.byName().get("b").toFloats()[0]);
            assertEquals(a[0] - 0.125f, problem.parameters.byName().get("a").toFloats()[0]);
        }
    }

    @Test
    void numbersThatAnOptimizerDoesNotTakeAreRefused() {
        ArgumentException unknown =
                assertThrows(
                        ArgumentException.class, () -> settings(OptimizerName.LION, "eps=1e-8"));
        assertEquals("lion takes no eps; it takes beta1, beta2", unknown.getMessage());
        assertThrows(ArgumentException.class, () -> settings(OptimizerName.LION, "beta1=1"));
        assertThrows(ArgumentException.class, () -> settings(OptimizerName.ADAMW, "beta1=x"));
        assertThrows(ArgumentException.class, () -> settings(OptimizerName.PRODIGY, "d0=0"));
        assertThrows(
                ArgumentException.class, () -> settings(OptimizerName.ADAFACTOR, "beta2-decay=1"));
        assertThrows(ArgumentException.class, () -> OptimizerName.of("sgd"));
    }
}
