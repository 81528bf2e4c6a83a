package dev.stanstudio.adapter.merge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.adapter.file.Samples;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.StoredType;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.model.ModelSource;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedTransformerTest {
    @TempDir private Path folder;

    /** Tensors whose reading is stopped by {@code stop} at one of them. */
    private record Stopped(Weights base, String at, Runnable stop) implements Weights {
        @Override
        public Set<String> names() {
            return base.names();
        }

        @Override
        public long[] shape(String name) {
            return base.shape(name);
        }

        @Override
        public DType dtype(String name) {
            return base.dtype(name);
        }

        @Override
        public Tensor open(Scope scope, String name) {
            if (name.equals(at)) {
                stop.run();
            }
            return base.open(scope, name);
        }

        @Override
        public String origin() {
            return base.origin();
        }
    }

    private <T extends Throwable> T write(Class<T> failure, Runnable stop) throws IOException {
        Path model = Samples.model(folder.resolve("model"), StoredType.F32);
        Path out = folder.resolve("out/merged");
        try (ModelSource source = ModelSource.open(model, null, null)) {
            Weights weights = new Stopped(source.transformer(), "proj_out.weight", stop);
            T thrown =
                    assertThrows(
                            failure,
                            () ->
                                    MergedTransformer.write(
                                            out,
                                            model.resolve("transformer/config.json"),
                                            weights,
                                            Map.of()));
            try (Stream<Path> left = Files.list(out.getParent())) {
                assertEquals(List.of(), left.toList());
            }
            return thrown;
        }
    }

    @Test
    void aFailureInTheMiddleLeavesNothing() throws IOException {
        IllegalStateException thrown =
                write(
                        IllegalStateException.class,
                        () -> {
                            throw new IllegalStateException("stop");
                        });
        assertEquals("stop", thrown.getMessage());
    }

    @Test
    void anInterruptionInTheMiddleLeavesNothing() throws IOException {
        RuntimeException thrown;
        try {
            thrown = write(RuntimeException.class, () -> Thread.currentThread().interrupt());
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertTrue(
                thrown instanceof CancellationException
                        || thrown.getCause() instanceof ClosedByInterruptException,
                thrown::toString);
    }
}
