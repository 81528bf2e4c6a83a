package dev.stanstudio.synth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FolderLock;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A collection as a folder: numbered PNG files beside a {@code metadata.jsonl} in the layout of all
 * collections ({@link StyleCollection}), with the further keys scene, seed, index, size, generator
 * and attributes.
 *
 * <p>Writing again continues: what is to be drawn is written down first, and a picture is kept if
 * the line that described it has not changed. The list appears, whole, at the end; files appear
 * whole or not at all.
 */
public final class SynthFolder {
    private static final String METADATA = StyleCollection.METADATA;

    /** Raised whenever the same seed starts to give other pictures. */
    private static final String GENERATOR = "stan-studio synth 1";

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
     * Counts pictures that were written and kept.
     *
     * @param written pictures drawn now
     * @param kept pictures that stood there already
     */
    public record Report(int written, int kept) {}

    /**
     * Writes items 0 … {@code count} − 1.
     *
     * @param threads that draw side by side
     * @param progress receives the number of pictures done after each
     * @throws UserException when the folder holds something else or cannot be written
     * @throws CancellationException when the calling thread is interrupted; calling again resumes
     */
    public Report write(int count, int threads, IntConsumer progress) {
        refuseForeign();
        try (FolderLock lock = FolderLock.of(folder, "import or drawing of a collection")) {
            Map<String, ObjectNode> before = readMetadata();
            List<ObjectNode> lines = new ArrayList<>(count);
            for (int index = 0; index < count; index++) {
                ObjectNode planned = line(index);
                ObjectNode old = before.get(name(index));
                lines.add(old != null && SynthLines.plan(old).equals(planned) ? old : planned);
            }
            removeStale(before, lines);
            Path journal = folder.resolve(StyleCollection.JOURNAL);
            SynthLines.write(journal, lines);
            Files.deleteIfExists(folder.resolve(METADATA));
            Report report = paint(lines, threads, progress);
            SynthLines.write(folder.resolve(METADATA), lines);
            Files.delete(journal);
            lock.delete();
            return report;
        } catch (IOException e) {
            throw new UserException(
                    "cannot write the collection to " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    /** Leaves a folder of something else as it is, without a lock's file. */
    private void refuseForeign() {
        if (Files.isDirectory(folder)) {
            try {
                readMetadata();
            } catch (IOException e) {
                throw new UserException(
                        "cannot read %s: %s".formatted(folder, AtomicFile.reason(e)), e);
            }
        }
    }

    private static String name(int index) {
        return String.format(Locale.ROOT, "%06d.png", index);
    }

    private ObjectNode line(int index) {
        SynthCollection.Draft draft = collection.draft(seed, index);
        ObjectNode node = Json.PLAIN.createObjectNode();
        node.put("file_name", name(index));
        node.put("text", draft.caption());
        node.put("content", draft.depiction().caption());
        node.put("style", draft.style().id());
        node.put("seed", seed);
        node.put("index", index);
        node.put("size", collection.spec().size());
        node.put("generator", GENERATOR);
        node.set("attributes", Json.PLAIN.valueToTree(draft.depiction().attributes()));
        // As read from a file, so that lines can be compared.
        return parse(node.toString());
    }

    /** File name to line; refuses folders that this class has not written. */
    private Map<String, ObjectNode> readMetadata() throws IOException {
        Path unfinished = folder.resolve(StyleCollection.JOURNAL);
        Path file = Files.exists(unfinished) ? unfinished : folder.resolve(METADATA);
        Map<String, ObjectNode> lines = new HashMap<>();
        if (!Files.exists(file)) {
            try (var pictures = Files.newDirectoryStream(folder, "*.png")) {
                if (pictures.iterator().hasNext()) {
                    throw foreign("pictures without " + METADATA);
                }
            }
            return lines;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            ObjectNode node = parse(line);
            if (!node.path("generator").asText().startsWith("stan-studio synth")) {
                throw foreign("another collection");
            }
            lines.put(node.path("file_name").asText(), node);
        }
        return lines;
    }

    private ObjectNode parse(String line) {
        try {
            if (Json.PLAIN.readTree(line) instanceof ObjectNode node) {
                return node;
            }
        } catch (JsonProcessingException e) {
            // Told below like any other line that is no object.
        }
        throw foreign("a " + METADATA + " that is not JSON lines");
    }

    private UserException foreign(String what) {
        return new UserException(
                "the folder " + folder + " holds " + what + "; choose an empty one with --out");
    }

    /** Takes away pictures whose description changes before the new description is in place. */
    private void removeStale(Map<String, ObjectNode> before, List<ObjectNode> lines)
            throws IOException {
        Set<ObjectNode> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        wanted.addAll(lines);
        for (Map.Entry<String, ObjectNode> old : before.entrySet()) {
            if (old.getKey().matches("\\d{6,}\\.png") && !wanted.contains(old.getValue())) {
                Files.deleteIfExists(folder.resolve(old.getKey()));
            }
        }
    }

    /** Paints what is missing and completes {@code lines}. */
    private Report paint(List<ObjectNode> lines, int threads, IntConsumer progress) {
        int count = lines.size();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Boolean>> tasks = new ArrayList<>(count);
            for (int index = 0; index < count; index++) {
                int item = index;
                tasks.add(pool.submit(() -> paint(item, lines.get(item))));
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

    private boolean paint(int index, ObjectNode line) throws IOException {
        Path file = folder.resolve(name(index));
        boolean missing = !Files.exists(file);
        if (missing) {
            collection.item(seed, index).picture().writePng(file);
        }
        SynthLines.complete(line, file);
        return missing;
    }
}
