package dev.stanstudio.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Assumptions;

/**
 * Reference outputs: found, read and compared. Tests that need them skip, saying so, where they are
 * missing.
 */
public final class Goldens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Goldens() {}

    /** The file or folder {@code name}, or a skipped test with the reason printed. */
    public static Path path(String name) {
        Path path = Path.of(System.getProperty("studio.goldens", "")).resolve(name).normalize();
        if (!Files.exists(path)) {
            String reason = "skipped: the reference outputs have no " + path;
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        return path;
    }

    /** The JSON file {@code name}. */
    public static JsonNode json(String name) {
        try {
            return JSON.readTree(path(name).toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tensors of one reference file; close after the test. */
    public static final class File implements AutoCloseable {
        private final TensorCollection tensors;
        private final TensorFiles files = new TensorFiles();
        private final Scope scope = Scope.open("goldens");

        public File(String name) {
            tensors = TensorCollection.open(path(name));
        }

        public boolean has(String name) {
            return tensors.tensors().containsKey(name);
        }

        public Tensor tensor(String name) {
            StoredTensor stored = tensors.tensor(name);
            return Tensors.share(scope, files.open(scope, stored));
        }

        /** Rows of ids [B, T]. */
        public long[][] ids(String name) {
            Tensor tensor = tensor(name);
            long[] flat = tensor.toLongs();
            int width = (int) tensor.size(1);
            long[][] rows = new long[(int) tensor.size(0)][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = java.util.Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
            return rows;
        }

        @Override
        public void close() {
            scope.close();
            files.close();
        }
    }

    /** Checks shape and numbers; prints and returns the worst difference. */
    public static double compare(String what, Tensor ours, Tensor theirs, double tolerance) {
        assertArrayEquals(theirs.shape(), ours.shape(), what + ": shape");
        double worst = difference(ours, theirs);
        System.out.printf(
                Locale.ROOT, "%-48s worst error %.2e (tolerance %.2e)%n", what, worst, tolerance);
        assertTrue(worst <= tolerance, what + " differs by " + worst + " > " + tolerance);
        return worst;
    }

    /** max |ours − theirs|, infinite if a number is not finite. */
    public static double difference(Tensor ours, Tensor theirs) {
        float[] a = ours.toFloats();
        float[] b = theirs.toFloats();
        double worst = 0;
        for (int i = 0; i < a.length; i++) {
            double d = Math.abs((double) a[i] - b[i]);
            worst = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(worst, d);
        }
        return worst;
    }
}
