package dev.stanstudio.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.AdamW;
import dev.stanstudio.training.ParameterSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PretrainingTest {
    private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.99, 1e-8, 0, 0);

    private static ParameterSet weights() {
        try (Scope scope = Scope.open("initial weights")) {
            return ParameterSet.of(
                    Device.CPU,
                    Map.of("w", Tensors.zeros(scope, new long[] {2}, DType.FP32, Device.CPU)));
        }
    }

    /** A training that computes nothing and owns a part that cannot be closed. */
    private static final class Failing extends Pretraining {
        Failing(List<String> closed, RuntimeException failure) {
            super(new Plan("settings", 7, ADAM, 0.9, 1), weights());
            own(() -> closed.add("first"));
            own(
                    () -> {
                        throw failure;
                    });
        }

        @Override
        public Map<String, Double> step() {
            return Map.of();
        }

        @Override
        public Map<String, Double> validate() {
            return Map.of();
        }

        @Override
        public void drawSamples(Path file) {
            throw new IllegalStateException("no samples");
        }
    }

    /** The check for leaks after each test sees whether the weights were closed too. */
    @Test
    void aPartThatCannotBeClosedLeavesNoOtherOpen() {
        List<String> closed = new ArrayList<>();
        IllegalStateException failure = new IllegalStateException("part");
        Failing training = new Failing(closed, failure);
        assertEquals(0, training.steps());
        assertEquals(7, training.plannedSteps());
        assertSame(failure, assertThrows(IllegalStateException.class, training::close));
        assertEquals(List.of("first"), closed);
    }
}
