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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Reference outputs: found, read and compared. There are two sets of one layout: the repository's
 * own small one, always there, and a larger one in the folder of system property {@code
 * studio.goldens}. Tests over {@link #sets()} use what there is; tests that need the larger one
 * skip, saying so, where it is missing.
 */
public final class Goldens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OWN = "sd3-runtime/src/test/resources/reference";
    private static final List<Path> SETS = findSets();

    private Goldens() {}

    /** A file or folder of the repository's own set, which is always there. */
    public static Path own(String name) {
        return SETS.get(0).resolve(name);
    }

    /** Every set there is, the repository's own first. */
    public static List<Path> sets() {
        return SETS;
    }

    private static List<Path> findSets() {
        List<Path> sets = new ArrayList<>();
        sets.add(own());
        Path larger = Path.of(System.getProperty("studio.goldens", ""));
        if (Files.isDirectory(larger.resolve("networks"))) {
            sets.add(larger.toAbsolutePath().normalize());
        } else {
            System.out.println("only the repository's own reference outputs: none at " + larger);
        }
        return List.copyOf(sets);
    }

    /** Tests run in a module's folder, in an editor perhaps in the root. */
    private static Path own() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(OWN))) {
                return folder.resolve(OWN);
            }
        }
        throw new IllegalStateException("no " + OWN + " in or above " + start);
    }

    /** The networks' inputs and outputs, of every set: {@code networks/<model>[.<form>].json}. */
    public static List<Case> networks() {
        return cases("networks");
    }

    /** The tokenizers' answers, of every set: {@code tokens/<model>.<tokenizer>.json}. */
    public static List<Case> tokens() {
        return cases("tokens");
    }

    /** Whole generations, of every set: {@code traces/<model>/<case>.json}. */
    public static List<Case> traces() {
        return cases("traces");
    }

    /** Every JSON file in folder {@code kind} of every set, with the model it belongs to. */
    public static List<Case> cases(String kind) {
        List<Case> cases = new ArrayList<>();
        for (Path set : SETS) {
            List<Path> models = models(set);
            try (Stream<Path> files = Files.walk(set.resolve(kind))) {
                files.filter(file -> file.toString().endsWith(".json"))
                        .sorted()
                        .forEach(file -> cases.add(new Case(set, modelOf(file, models), file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return cases;
    }

    private static List<Path> models(Path set) {
        try (Stream<Path> folders = Files.list(set)) {
            return folders.filter(folder -> Files.exists(folder.resolve("model_index.json")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model whose name is the parent folder's, or the longest that begins the file's. */
    private static Path modelOf(Path file, List<Path> models) {
        return models.stream()
                .filter(
                        model ->
                                file.getParent().endsWith(model.getFileName())
                                        || file.getFileName()
                                                .toString()
                                                .startsWith(model.getFileName() + "."))
                .max(Comparator.comparingInt(model -> model.toString().length()))
                .orElseThrow(() -> new IllegalStateException(file + " belongs to no model"));
    }

    /**
     * One JSON file of a set.
     *
     * @param set root of the set; paths inside the JSON are relative to it
     * @param model folder of the model
     * @param json the file; tensors and pictures lie beside it under its name
     */
    public record Case(Path set, Path model, Path json) {
        /** Returns the content of the file. */
        public JsonNode read() {
            return Goldens.read(json);
        }

        /** The file's name without its ending. */
        public String name() {
            return json.getFileName().toString().replaceFirst("\\.json$", "");
        }

        /** The file of the same name that ends in {@code ending}. */
        public Path beside(String ending) {
            return json.resolveSibling(name() + ending);
        }

        /** The tensors beside it; close them. */
        public File tensors() {
            return new File(beside(".safetensors"));
        }

        @Override
        public String toString() {
            return set.getFileName() + "/" + set.relativize(beside(""));
        }
    }

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
        return read(path(name));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tensors of one reference file; close after the test. */
    public static final class File implements AutoCloseable {
        private final TensorCollection tensors;
        private final TensorFiles files = new TensorFiles();
        private final Scope scope = Scope.open("goldens");

        public File(String name) {
            this(path(name));
        }

        public File(Path file) {
            tensors = TensorCollection.open(file);
        }

        public Set<String> names() {
            return tensors.tensors().keySet();
        }

        public boolean has(String name) {
            return tensors.tensors().containsKey(name);
        }

        public synchronized Tensor tensor(String name) {
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
