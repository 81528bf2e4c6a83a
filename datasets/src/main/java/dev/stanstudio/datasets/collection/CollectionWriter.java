package dev.stanstudio.datasets.collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a collection picture by picture. What is done is kept in a journal, so a process that dies
 * can be run again and resumes; the list {@code metadata.jsonl} appears, whole, with {@link
 * #finish}. A finished collection can be opened again to add to it. Memory grows by about a hundred
 * bytes per picture, whatever the pictures' size. One writer per folder; for one thread.
 */
public final class CollectionWriter implements AutoCloseable {
    private static final String JOURNAL = StyleCollection.JOURNAL;

    private static final String STAGING = ".staging";

    /**
     * Held by the process that writes; a file of its own, since Windows lets nobody read a locked
     * one.
     */
    private static final String LOCK = ".lock";

    private static final String MORE_STYLES = "more_styles";

    private final Path folder;
    private final KnownPictures known = new KnownPictures();
    private final FileChannel lock;
    private final FileChannel journal;

    private CollectionWriter(Path folder, FileChannel lock, FileChannel journal) {
        this.folder = folder;
        this.lock = lock;
        this.journal = journal;
    }

    /**
     * Opens the collection in {@code folder}, which may be new, unfinished or complete.
     *
     * @throws UserException when the folder holds something else, cannot be written, or another
     *     import is writing it
     */
    public static CollectionWriter open(Path folder) {
        try {
            prepare(folder);
            FileChannel lock = lock(folder);
            try {
                beginJournal(folder);
                FileChannel journal = openForWriting(folder.resolve(JOURNAL));
                CollectionWriter writer = new CollectionWriter(folder, lock, journal);
                try {
                    writer.load();
                    return writer;
                } catch (IOException | RuntimeException e) {
                    journal.close();
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw new UserException(folder + " is a file; name a new or empty folder", e);
        } catch (IOException e) {
            throw new UserException(
                    "cannot write the collection " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (!Files.exists(folder.resolve(StyleCollection.METADATA))
                && !Files.exists(folder.resolve(JOURNAL))) {
            try (Stream<Path> files = Files.list(folder)) {
                // A process killed at its very start may leave its lock behind.
                if (files.anyMatch(file -> !file.endsWith(LOCK))) {
                    throw new UserException(
                            folder + " holds other files; name a new or empty folder");
                }
            }
        }
    }

    /**
     * Begins the journal with what a finished collection lists, whole or not at all: half of it
     * would be taken for the journal of an import that was killed, and the rest of the list be
     * lost.
     */
    private static void beginJournal(Path folder) throws IOException {
        Path journal = folder.resolve(JOURNAL);
        Path finished = folder.resolve(StyleCollection.METADATA);
        boolean begun = Files.exists(journal) && Files.size(journal) > 0;
        if (begun || !Files.exists(finished)) {
            return;
        }
        Path copy = Files.createDirectories(folder.resolve(STAGING)).resolve(JOURNAL);
        Files.copy(finished, copy, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
                copy, journal, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileChannel openForWriting(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel = openForWriting(folder.resolve(LOCK));
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // Held within this process; told below like any other holder.
        }
        channel.close();
        throw new UserException("another import is writing " + folder + "; wait for it");
    }

    private void load() throws IOException {
        journal.truncate(endOfLastLine());
        MetadataLines.read(folder.resolve(JOURNAL), this::remember);
        journal.position(journal.size());
        clearStaging();
    }

    /** A process that was killed may have left half a line. */
    private long endOfLastLine() throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        long end = journal.size();
        while (end > 0) {
            one.clear();
            journal.read(one, end - 1);
            if (one.get(0) == '\n') {
                return end;
            }
            end--;
        }
        return 0;
    }

    private void remember(JsonNode line) {
        if (line.has(MORE_STYLES)) {
            Set<String> styles = new LinkedHashSet<>();
            line.path(MORE_STYLES).forEach(style -> styles.add(style.asText()));
            known.put(line.path("sha256").asText(), List.copyOf(styles));
        } else {
            StyleItem item = StyleItem.fromJson(line);
            known.put(item.sha256(), item.labels().styles());
        }
    }

    private void clearStaging() throws IOException {
        Path staging = Files.createDirectories(folder.resolve(STAGING));
        try (Stream<Path> left = Files.list(staging)) {
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
    }

    /** A folder on the same file system for files that {@link #add} will take. */
    public Path staging() {
        return folder.resolve(STAGING);
    }

    /** Pictures written so far, those of earlier runs included. */
    public int size() {
        return known.size();
    }

    /** Returns true if the collection has a picture of these bytes. */
    public boolean holds(String sha256) {
        return known.styles(sha256) != null;
    }

    /**
     * Adds styles to a picture that is there already.
     *
     * @return whether any of them was new to it
     */
    public boolean addStyles(String sha256, List<String> styles) throws IOException {
        List<String> old = known.styles(sha256);
        if (old == null) {
            throw new IllegalArgumentException("no picture " + sha256 + " in " + folder);
        }
        if (old.containsAll(styles)) {
            return false;
        }
        Set<String> all = new LinkedHashSet<>(old);
        all.addAll(styles);
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("sha256", sha256);
        all.forEach(line.putArray(MORE_STYLES)::add);
        append(line);
        known.put(sha256, List.copyOf(all));
        return true;
    }

    /**
     * Takes a picture in: moves {@code staged} to the item's place and writes its line.
     *
     * @param staged a file in {@link #staging}
     */
    public void add(Path staged, StyleItem item) throws IOException {
        Path target = folder.resolve(item.fileName());
        Path parent = target.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.move(staged, target, StandardCopyOption.REPLACE_EXISTING);
        append(item.toJson());
        known.put(item.sha256(), item.labels().styles());
    }

    private void append(ObjectNode line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(MetadataLines.line(line));
        while (bytes.hasRemaining()) {
            journal.write(bytes);
        }
    }

    /** Writes {@code metadata.jsonl} and drops the journal. The writer takes nothing more. */
    public void finish() throws IOException {
        Path whole = folder.resolve(STAGING).resolve(StyleCollection.METADATA);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(whole))) {
            MetadataLines.read(folder.resolve(JOURNAL), line -> finishLine(line, out));
        }
        Files.move(
                whole,
                folder.resolve(StyleCollection.METADATA),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        journal.close();
        Files.delete(folder.resolve(JOURNAL));
        Files.delete(folder.resolve(STAGING));
    }

    private void finishLine(JsonNode line, OutputStream out) throws IOException {
        if (line.has(MORE_STYLES)) {
            return;
        }
        StyleItem item = StyleItem.fromJson(line);
        List<String> styles = known.styles(item.sha256());
        out.write(
                MetadataLines.line(
                        item.withStyles(styles == null ? item.labels().styles() : styles)
                                .toJson()));
    }

    /** Lets go of the folder; what is unfinished can be continued. */
    @Override
    public void close() throws IOException {
        if (lock.isOpen()) {
            journal.close();
            lock.close();
            Files.deleteIfExists(folder.resolve(LOCK));
        }
    }
}
