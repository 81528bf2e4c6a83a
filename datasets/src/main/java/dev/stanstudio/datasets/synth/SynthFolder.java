package dev.stanstudio.datasets.synth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A collection as a folder that Hugging Face's {@code imagefolder} loader reads: numbered PNG files
 * beside a {@code metadata.jsonl} with file_name, text (the full caption), content, style, scene,
 * seed, index, size and attributes.
 *
 * <p>Writing again continues: the metadata come first, and a picture is kept if the line that
 * described it has not changed. Files appear whole or not at all.
 */
public final class SynthFolder {
    private static final String METADATA = "metadata.jsonl";

    /** Raised whenever the same seed starts to give other pictures. */
    private static final String GENERATOR = "stan-studio synth 1";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final SynthCollection collection;
    private final long seed;

    /** Items of {@code collection} under {@code seed}, to be written to {@code folder}. */
    public SynthFolder(Path folder, SynthCollection collection, long seed) {
        this.folder = folder;
        this.collection = collection;
        this.seed = seed;
    }

    /**
     * What was done.
     *
     * @param written pictures drawn now
     * @param kept pictures that stood there already
     */
    public record Report(int written, int kept) {}

    /**
     * Writes items 0 … {@code count} − 1.
     *
     * @param threads that draw side by side
     * @param progress is told after each picture how many are done
     * @throws UserException when the folder holds something else or cannot be written
     * @throws CancellationException when the calling thread is interrupted; calling again goes on
     */
    public Report write(int count, int threads, IntConsumer progress) {
        try {
            Files.createDirectories(folder);
            Map<String, String> before = readMetadata();
            List<String> lines = new ArrayList<>(count);
            for (int index = 0; index < count; index++) {
                lines.add(line(index));
            }
            removeStale(before, count, lines);
            replaceMetadata(lines);
        } catch (IOException e) {
            throw new UserException("cannot write the collection to " + folder + ": " + e, e);
        }
        return paint(count, threads, progress);
    }

    private static String name(int index) {
        return String.format(Locale.ROOT, "%06d.png", index);
    }

    private String line(int index) {
        SynthCollection.Draft draft = collection.draft(seed, index);
        ObjectNode node = JSON.createObjectNode();
        node.put("file_name", name(index));
        node.put("text", draft.caption());
        node.put("content", draft.depiction().caption());
        node.put("style", draft.style().id());
        node.put("seed", seed);
        node.put("index", index);
        node.put("size", collection.spec().size());
        node.put("generator", GENERATOR);
        node.set("attributes", JSON.valueToTree(draft.depiction().attributes()));
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** File name to line; refuses folders that this class has not written. */
    private Map<String, String> readMetadata() throws IOException {
        Path file = folder.resolve(METADATA);
        Map<String, String> lines = new HashMap<>();
        if (!Files.exists(file)) {
            try (var pictures = Files.newDirectoryStream(folder, "*.png")) {
                if (pictures.iterator().hasNext()) {
                    throw foreign("pictures without " + METADATA);
                }
            }
            return lines;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            JsonNode node = parse(line);
            if (!node.path("generator").asText().startsWith("stan-studio synth")) {
                throw foreign("another collection");
            }
            lines.put(node.path("file_name").asText(), line);
        }
        return lines;
    }

    private JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw foreign("a " + METADATA + " that is not JSON lines");
        }
    }

    private UserException foreign(String what) {
        return new UserException(
                "the folder " + folder + " holds " + what + "; choose an empty one with --out");
    }

    /** Takes away pictures whose description changes before the new description is in place. */
    private void removeStale(Map<String, String> before, int count, List<String> lines)
            throws IOException {
        Map<String, String> wanted = new HashMap<>();
        for (int index = 0; index < count; index++) {
            wanted.put(name(index), lines.get(index));
        }
        for (Map.Entry<String, String> old : before.entrySet()) {
            if (old.getKey().matches("\\d{6,}\\.png")
                    && !old.getValue().equals(wanted.get(old.getKey()))) {
                Files.deleteIfExists(folder.resolve(old.getKey()));
            }
        }
    }

    private void replaceMetadata(List<String> lines) throws IOException {
        Path part = folder.resolve("." + METADATA + "." + UUID.randomUUID() + ".part");
        try {
            Files.write(part, lines, StandardCharsets.UTF_8);
            Files.move(
                    part,
                    folder.resolve(METADATA),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Report paint(int count, int threads, IntConsumer progress) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> tasks = new ArrayList<>(count);
            for (int index = 0; index < count; index++) {
                int item = index;
                tasks.add(pool.submit(() -> paint(item)));
            }
            int written = 0;
            for (int done = 0; done < count; done++) {
                written += tasks.get(done).get() ? 1 : 0;
                progress.accept(done + 1);
            }
            return new Report(written, count - written);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("drawing the collection");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UserException user) {
                throw user;
            }
            throw new IllegalStateException("drawing failed", e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean paint(int index) {
        Path file = folder.resolve(name(index));
        if (Files.exists(file)) {
            return false;
        }
        collection.item(seed, index).picture().writePng(file);
        return true;
    }
}
