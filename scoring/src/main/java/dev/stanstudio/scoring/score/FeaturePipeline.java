package dev.stanstudio.scoring.score;

import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.FeatureRequest;
import dev.stanstudio.scoring.compute.FeatureResult;
import dev.stanstudio.scoring.vision.EmbedderId;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Pictures to features of all towers, from the cache or in batches, handed on in the order they
 * came. A batch holds pictures that were missing when their turn came, whether or not they can be
 * decoded, and is kept as soon as it is computed and those before it are kept. So after a kill the
 * batches that are left hold what they would have held, and so they do when other machines compute
 * them: the features are the same to the bit, though a batch's size may show in the last one.
 * Windows bound how many pictures wait. For one thread.
 *
 * @param <T> what comes with a picture
 */
final class FeaturePipeline<T> {
    /** Pictures after which whatever is missing is computed, full batch or not. */
    static final int WINDOW = 512;

    private static final int REMEMBERED = 10_000;

    private final Map<TowerKind, EmbedderId> towers = new EnumMap<>(TowerKind.class);
    private final FeatureCache cache;
    private final FeatureExtractor maker;
    private final int batch;
    private final int windowsAhead;
    private final PictureSink<T> sink;
    private final FileHashes hashes;

    /** Pictures that could not be used, so that copies of them are not tried again. */
    private final LruCache<String, Failure> broken = new LruCache<>(REMEMBERED);

    private final List<Unhashed<T>> unhashed = new ArrayList<>();
    private final Map<String, Entry> entries = new HashMap<>();
    private final Deque<Row<T>> rows = new ArrayDeque<>();
    private final Deque<Batch> running = new ArrayDeque<>();
    private List<Slot> slots = new ArrayList<>();
    private long window;
    private int inWindow;
    private long computed;

    private record Unhashed<T>(T tag, FileHashes.Stamp file) {}

    private record Row<T>(T tag, String sha256, Entry entry, long window) {}

    private record Slot(String sha256, Entry entry, FeatureRequest wanted) {}

    private record Batch(List<Slot> slots, Future<List<FeatureResult>> made, long window) {}

    FeaturePipeline(
            Map<TowerKind, ImageEmbedder> images,
            FeatureCache cache,
            FeatureExtractor maker,
            int batch,
            PictureSink<T> sink) {
        images.forEach((kind, tower) -> towers.put(kind, tower.id()));
        this.cache = cache;
        this.maker = maker;
        this.batch = batch;
        this.windowsAhead = (int) Math.ceil((double) maker.batchesAhead() * batch / WINDOW);
        this.sink = sink;
        hashes = new FileHashes(maker);
    }

    /** Pictures that went through a network. */
    long computed() {
        return computed;
    }

    /** Takes a picture whose file stays where it is. */
    void add(T tag, Path file) {
        unhashed.add(new Unhashed<>(tag, FileHashes.Stamp.of(file)));
        if (unhashed.size() >= maker.filesAtOnce()) {
            hash();
        }
    }

    /** Takes a picture whose file is not needed after the call. */
    void addPassing(T tag, Path file) {
        hash();
        enter(tag, hashes.ofPassing(file), file, false);
    }

    /** Hands on everything that waits. */
    void flush() {
        hash();
        closeWindow(0);
    }

    private void hash() {
        if (unhashed.isEmpty()) {
            return;
        }
        List<String> found = hashes.of(unhashed.stream().map(Unhashed::file).toList());
        for (int i = 0; i < found.size(); i++) {
            enter(unhashed.get(i).tag(), found.get(i), unhashed.get(i).file().file(), true);
        }
        unhashed.clear();
    }

    private void enter(T tag, String sha256, Path file, boolean lasting) {
        if (!sink.accepts(tag, sha256)) {
            return;
        }
        Entry entry = entries.get(sha256);
        if (entry == null) {
            entry = look(sha256, file, lasting);
            entries.put(sha256, entry);
        } else {
            sink.onReady();
        }
        entry.window = window;
        rows.add(new Row<>(tag, sha256, entry, window));
        inWindow++;
        if (slots.size() == batch) {
            begin();
        }
        if (inWindow == WINDOW) {
            closeWindow(windowsAhead);
        }
    }

    private Entry look(String sha256, Path file, boolean lasting) {
        Entry entry = new Entry();
        entry.failure = broken.find(sha256);
        if (entry.failure != null) {
            sink.onReady();
            return entry;
        }
        Set<TowerKind> lacking = EnumSet.noneOf(TowerKind.class);
        towers.forEach(
                (kind, id) -> {
                    float[] cached = cache.get(id, sha256);
                    if (cached == null) {
                        lacking.add(kind);
                    } else {
                        entry.features.put(kind, cached);
                    }
                });
        if (lacking.isEmpty()) {
            sink.onReady();
        } else {
            slots.add(new Slot(sha256, entry, maker.take(file, lasting, lacking)));
        }
        return entry;
    }

    private void begin() {
        if (slots.isEmpty()) {
            return;
        }
        List<FeatureRequest> wanted = slots.stream().map(Slot::wanted).toList();
        running.add(new Batch(slots, maker.make(wanted), window));
        slots = new ArrayList<>();
        while (!running.isEmpty() && running.peek().made().isDone()) {
            keep(running.remove());
        }
    }

    /** Leaves at most {@code ahead} windows waiting. */
    private void closeWindow(int ahead) {
        begin();
        window++;
        inWindow = 0;
        while (!rows.isEmpty() && rows.peek().window() < window - ahead) {
            handOn(rows.peek().window());
        }
    }

    private void handOn(long oldest) {
        while (!running.isEmpty() && running.peek().window() <= oldest) {
            keep(running.remove());
        }
        while (!rows.isEmpty() && rows.peek().window() == oldest) {
            Row<T> row = rows.remove();
            Entry entry = row.entry();
            if (entry.window == oldest) {
                entries.remove(row.sha256());
            }
            if (entry.failure != null) {
                sink.onFailure(row.tag(), entry.failure);
            } else {
                sink.onFeatures(row.tag(), row.sha256(), entry.features);
            }
        }
    }

    private void keep(Batch done) {
        List<FeatureResult> seen = result(done.made());
        for (int i = 0; i < seen.size(); i++) {
            keep(done.slots().get(i), seen.get(i));
        }
        cache.commit();
        done.slots().forEach(slot -> sink.onReady());
    }

    private void keep(Slot slot, FeatureResult seen) {
        Entry entry = slot.entry();
        if (seen.isDecoded()) {
            cache.putSize(slot.sha256(), seen.width(), seen.height());
            computed++;
        }
        seen.features()
                .forEach(
                        (kind, vector) -> {
                            EmbedderId id = towers.get(kind);
                            if (id != null) {
                                cache.put(id, slot.sha256(), vector);
                                entry.features.put(kind, vector);
                            }
                        });
        if (seen.failure() != null) {
            entry.failure = seen.failure();
            broken.put(slot.sha256(), seen.failure());
        }
    }

    /** What a batch saw; failures of the maker as they are. */
    static List<FeatureResult> result(Future<List<FeatureResult>> made) {
        try {
            return made.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("scoring");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException own
                    ? own
                    : new IllegalStateException(e.getCause());
        }
    }
}
