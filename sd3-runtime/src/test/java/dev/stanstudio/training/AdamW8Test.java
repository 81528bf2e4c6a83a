package dev.stanstudio.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments in eight bits beside bitsandbytes ({@code docs/reference/adamw8bit.py}). */
class AdamW8Test {
    private static final int STEPS = 50;
    private static final double RATE = 1e-3;
    private static final Map<String, long[]> SHAPES = new LinkedHashMap<>();

    static {
        SHAPES.put("a", new long[] {67, 77});
        SHAPES.put("b", new long[] {64, 72});
        SHAPES.put("c", new long[] {32, 48});
        SHAPES.put("d", new long[] {4099});
    }

    private static Tensor drawn(Scope scope, long seed, long[] shape) {
        return RandomSource.seeded(scope, seed).normal(scope, shape, DType.FP32);
    }

    private static Tensor sum(Scope scope, double[] factors, Tensor... tensors) {
        return Tensors.combine(scope, factors, List.of(tensors), DType.FP32);
    }

    /** The problem of the reference; close it. */
    private static final class Problem implements AutoCloseable {
        private final Scope scope = Scope.open("problem");
        private final List<Tensor> targets = new ArrayList<>();
        final ParameterSet parameters;
        final Optimizer optimizer;
        final Averages averages;

        Problem(OptimizerName name) {
            Map<String, Tensor> start = new LinkedHashMap<>();
            int i = 0;
            for (Map.Entry<String, long[]> entry : SHAPES.entrySet()) {
                Tensor first = drawn(scope, i, entry.getValue());
                start.put(entry.getKey(), sum(scope, new double[] {0.1}, first));
                targets.add(drawn(scope, 100 + i, entry.getValue()));
                i++;
            }
            parameters = ParameterSet.of(Device.CPU, start);
            optimizer = name.settings(Map.of(), 0.01, 1).begin(parameters, ParameterRules.NONE);
            averages = new Averages(parameters, 0);
        }

        void steps(int from, int to) {
            for (int t = from; t < to; t++) {
                try (Scope local = Scope.open("step")) {
                    List<Tensor> gradients = new ArrayList<>();
                    for (Tensor p : parameters.tensors()) {
                        int i = gradients.size();
                        gradients.add(
                                sum(
                                        local,
                                        new double[] {1, -1, 0.5},
                                        Tensors.of(local, p.toFloats(), p.shape()),
                                        targets.get(i),
                                        drawn(local, 1000 + 10L * t + i, p.shape())));
                    }
                    optimizer.update(gradients, RATE);
                }
            }
        }

        TrainingState state() {
            return new TrainingState(parameters, optimizer, averages);
        }

        @Override
        public void close() {
            averages.close();
            optimizer.close();
            parameters.close();
            scope.close();
        }
    }

    private static TensorCollection reference() {
        try {
            return TensorCollection.open(
                    Path.of(
                            Objects.requireNonNull(
                                            AdamW8Test.class.getResource(
                                                    "/reference/adamw8bit.safetensors"))
                                    .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double worst(float[] own, float[] wanted) {
        assertEquals(wanted.length, own.length);
        double worst = 0;
        for (int i = 0; i < own.length; i++) {
            worst = Math.max(worst, Math.abs(own[i] - wanted[i]));
        }
        return worst;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theMapIsThePublishedOne(boolean signed) {
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("map")) {
            String name = signed ? "signed" : "unsigned";
            float[] wanted = files.open(scope, reference().tensor(name)).toFloats();
            double worst = worst(DynamicMap.of(signed), wanted);
            System.out.println(name + " map differs by " + worst);
            // One unit in the last place of 1.
            assertTrue(worst <= 6e-8, name + " differs by " + worst);
        }
    }

    @Test
    void fiftyStepsAreBitsandbytesSteps() {
        try (TensorFiles files = new TensorFiles();
                Scope scope = Scope.open("reference");
                Problem problem = new Problem(OptimizerName.ADAMW_8BIT)) {
            problem.steps(0, 1);
            assertNear(files, scope, problem, 1, 1e-6);
            problem.steps(1, STEPS);
            assertNear(files, scope, problem, STEPS, 1e-4);
            for (String name : List.of("a", "b", "d")) {
                assertAlike(files, scope, problem, name);
            }
        }
    }

    private static void assertNear(
            TensorFiles files, Scope scope, Problem problem, int step, double most) {
        problem.parameters
                .byName()
                .forEach(
                        (name, own) -> {
                            String key = step + "." + name;
                            Tensor wanted = files.open(scope, reference().tensor(key));
                            double worst = worst(own.toFloats(), wanted.toFloats());
                            System.out.printf(Locale.ROOT, "%s differs by %.1e%n", key, worst);
                            assertTrue(worst <= most, key + " differs by " + worst);
                        });
    }

    /** Numbers that lie between two of the map may be rounded otherwise, few of them. */
    private static void assertAlike(TensorFiles files, Scope scope, Problem problem, String name) {
        long[] wanted = files.open(scope, reference().tensor("codes." + name)).toLongs();
        long numbers = wanted.length / 2;
        long[] means =
                Objects.requireNonNull(problem.optimizer.state().get("mean-codes/" + name))
                        .toLongs();
        long[] squares =
                Objects.requireNonNull(problem.optimizer.state().get("square-codes/" + name))
                        .toLongs();
        int other = 0;
        for (int i = 0; i < numbers; i++) {
            other += means[i] == wanted[i] ? 0 : 1;
            other += squares[i] == wanted[i + (int) numbers] ? 0 : 1;
        }
        System.out.println(other + " codes of " + wanted.length + " differ in " + name);
        assertTrue(other <= wanted.length / 100, other + " codes differ in " + name);
    }

    @Test
    void theStateIsSmallInMemoryAndInACheckpointThatGoesOnToTheBit(@TempDir Path folder)
            throws IOException {
        Path small = folder.resolve("small.safetensors");
        Path wide = folder.resolve("wide.safetensors");
        try (Problem whole = new Problem(OptimizerName.ADAMW_8BIT);
                Problem first = new Problem(OptimizerName.ADAMW_8BIT);
                Problem second = new Problem(OptimizerName.ADAMW_8BIT);
                Problem plain = new Problem(OptimizerName.ADAMW)) {
            whole.steps(0, 12);
            first.steps(0, 5);
            first.state().save(small, "x", Map.of());
            plain.state().save(wide, "x", Map.of());
            second.state().load(small, "x");
            second.steps(5, 12);
            whole.parameters
                    .byName()
                    .forEach(
                            (name, tensor) ->
                                    assertArrayEquals(
                                            tensor.toFloats(),
                                            second.parameters.byName().get(name).toFloats(),
                                            name));
            long bytes = first.optimizer.state().values().stream().mapToLong(Tensor::bytes).sum();
            OptimizerSettings settings = OptimizerName.ADAMW_8BIT.settings(Map.of(), 0, 1);
            assertEquals(SHAPES.values().stream().mapToLong(settings::stateBytes).sum(), bytes);
            long numbers = 67 * 77 + 64 * 72 + 4099;
            long padded = (21 + 18 + 17) * (256 + 4) * 2;
            assertEquals(padded + 32 * 48 * 8, bytes);
            assertTrue(padded < 2.2 * numbers, padded + " bytes for " + numbers);
            long saved = Files.size(wide) - Files.size(small);
            assertTrue(saved > 5.8 * numbers, saved + " bytes fewer");
        }
    }
}
