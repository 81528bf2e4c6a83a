package dev.stanstudio.scoring.score;

import dev.stanstudio.base.LruCache;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.Failure;
import dev.stanstudio.scoring.compute.FeatureCache;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.FeatureRequest;
import dev.stanstudio.scoring.compute.FeatureResult;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.vision.EmbedderId;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.file.Files;
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
 * Turns pictures into features of all towers, from the cache or in batches, and emits them in the
 * order in which they were submitted. A batch consists of pictures that the cache lacked, decodable
 * or not, and is stored as soon as it and all earlier batches are computed. After a kill the
 * remaining batches therefore consist of the same pictures, and so they do on other machines: the
 * features are the same, though their last bit may depend on the size of a batch. The submitted
 * pictures are divided into windows, runs of {@value #WINDOW} consecutive ones; a window is emitted
 * as a whole once a fixed number of later windows is complete, which bounds the number of queued
 * pictures. Belongs to one thread.
 *
 * @param <T> what the caller keeps with a picture
 */
final class FeaturePipeline<T> {
    /** Pictures in a window; at its end an incomplete batch is computed too. */
    static final int WINDOW = 512;

    private static final int REMEMBERED = 10_000;

    private final Map<TowerKind, EmbedderId> towers = new EnumMap<>(TowerKind.class);
    private final FeatureCache cache;
    private final FeatureExtractor extractor;
    private final int batch;
    private final int windowsAhead;
    private final PictureSink<T> sink;
    private final FileHashes hashes;

    /** Failures of pictures by hash, so that copies of them are not tried again. */
    private final LruCache<String, Failure> broken = new LruCache<>(REMEMBERED);

    private final List<UnhashedPicture<T>> unhashed = new ArrayList<>();
    private final Map<String, PictureFeatures> byHash = new HashMap<>();
    private final Deque<QueuedPicture<T>> queue = new ArrayDeque<>();
    private final Deque<RunningBatch> running = new ArrayDeque<>();
    private List<PendingRequest> pending = new ArrayList<>();
    private long window;
    private int inWindow;
    private long computed;

    private record UnhashedPicture<T>(T item, FileHashes.Stamp file) {}

    private record QueuedPicture<T>(T item, String sha256, PictureFeatures known, long window) {}

    private record PendingRequest(String sha256, PictureFeatures known, FeatureRequest request) {}

    private record RunningBatch(
            List<PendingRequest> requests, Future<List<FeatureResult>> results, long window) {}

    FeaturePipeline(
            Map<TowerKind, ImageEmbedder> images,
            FeatureCache cache,
            FeatureExtractor extractor,
            int batch,
            PictureSink<T> sink) {
        images.forEach((kind, tower) -> towers.put(kind, tower.id()));
        this.cache = cache;
        this.extractor = extractor;
        this.batch = batch;
        this.windowsAhead = (int) Math.ceil((double) extractor.batchesAhead() * batch / WINDOW);
        this.sink = sink;
        hashes = new FileHashes(extractor);
    }

    /** Returns the number of pictures that went through a network. */
    long computed() {
        return computed;
    }

    /** Submits a picture whose file stays in its place. */
    void add(T item, Path file) {
        try {
            unhashed.add(new UnhashedPicture<>(item, FileHashes.Stamp.of(file)));
        } catch (UserException e) {
            leaveOut(item, String.valueOf(e.getMessage()));
        }
        if (unhashed.size() >= extractor.filesAtOnce()) {
            hash();
        }
    }

    /** Submits a picture whose file may be deleted after the call. */
    void addPassing(T item, Path file) {
        hash();
        submit(item, hashes.ofPassing(file), file, false);
    }

    /** Emits all queued pictures. */
    void flush() {
        hash();
        closeWindow(0);
    }

    private void hash() {
        if (unhashed.isEmpty()) {
            return;
        }
        List<String> found = hashes();
        for (int i = 0; i < found.size(); i++) {
            submit(unhashed.get(i).item(), found.get(i), unhashed.get(i).file().file(), true);
        }
        unhashed.clear();
    }

    /** Hashes what is not hashed yet, without the files that cannot be read any more. */
    private List<String> hashes() {
        while (!unhashed.isEmpty()) {
            try {
                return hashes.of(unhashed.stream().map(UnhashedPicture::file).toList());
            } catch (UserException e) {
                List<UnhashedPicture<T>> gone =
                        unhashed.stream().filter(one -> !isReadable(one.file().file())).toList();
                if (gone.isEmpty()) {
                    throw e;
                }
                gone.forEach(one -> leaveOut(one.item(), one.file().file() + " cannot be read"));
                unhashed.removeAll(gone);
            }
        }
        return List.of();
    }

    private static boolean isReadable(Path file) {
        return Files.isRegularFile(file) && Files.isReadable(file);
    }

    /** One picture that was removed while it was scored does not end the scoring of the others. */
    private void leaveOut(T item, String why) {
        sink.onFailure(item, new Failure(Problem.Kind.UNREADABLE, why));
        sink.onReady();
    }

    private void submit(T item, String sha256, Path file, boolean lasting) {
        if (!sink.accepts(item, sha256)) {
            return;
        }
        PictureFeatures known = byHash.get(sha256);
        if (known == null) {
            known = lookUp(sha256, file, lasting);
            byHash.put(sha256, known);
        } else {
            sink.onReady();
        }
        known.lastWindow = window;
        queue.add(new QueuedPicture<>(item, sha256, known, window));
        inWindow++;
        if (pending.size() == batch) {
            dispatch();
        }
        if (inWindow == WINDOW) {
            closeWindow(windowsAhead);
        }
    }

    private PictureFeatures lookUp(String sha256, Path file, boolean lasting) {
        PictureFeatures known = new PictureFeatures();
        known.failure = broken.find(sha256);
        if (known.failure != null) {
            sink.onReady();
            return known;
        }
        Set<TowerKind> lacking = EnumSet.noneOf(TowerKind.class);
        towers.forEach(
                (kind, id) -> {
                    float[] cached = cache.get(id, sha256);
                    if (cached == null) {
                        lacking.add(kind);
                    } else {
                        known.features.put(kind, cached);
                    }
                });
        if (lacking.isEmpty()) {
            sink.onReady();
        } else {
            pending.add(
                    new PendingRequest(
                            sha256,
                            known,
                            extractor.request(file, lasting, lacking).expecting(sha256)));
        }
        return known;
    }

    private void dispatch() {
        if (pending.isEmpty()) {
            return;
        }
        List<FeatureRequest> requests = pending.stream().map(PendingRequest::request).toList();
        running.add(new RunningBatch(pending, extractor.extract(requests), window));
        pending = new ArrayList<>();
        while (!running.isEmpty() && running.peek().results().isDone()) {
            store(running.remove());
        }
    }

    /** Ends the window and emits all but the newest {@code ahead} windows. */
    private void closeWindow(int ahead) {
        dispatch();
        window++;
        inWindow = 0;
        while (!queue.isEmpty() && queue.peek().window() < window - ahead) {
            emit(queue.peek().window());
        }
    }

    private void emit(long oldest) {
        while (!running.isEmpty() && running.peek().window() <= oldest) {
            store(running.remove());
        }
        while (!queue.isEmpty() && queue.peek().window() == oldest) {
            QueuedPicture<T> next = queue.remove();
            PictureFeatures known = next.known();
            if (known.lastWindow == oldest) {
                byHash.remove(next.sha256());
            }
            if (known.failure != null) {
                sink.onFailure(next.item(), known.failure);
            } else {
                sink.onFeatures(next.item(), next.sha256(), known.features);
            }
        }
    }

    private void store(RunningBatch done) {
        List<FeatureResult> results = await(done.results());
        for (int i = 0; i < results.size(); i++) {
            store(done.requests().get(i), results.get(i));
        }
        cache.commit();
        done.requests().forEach(request -> sink.onReady());
    }

    private void store(PendingRequest request, FeatureResult result) {
        PictureFeatures known = request.known();
        if (result.isDecoded()) {
            cache.putSize(request.sha256(), result.width(), result.height());
            computed++;
        }
        result.features()
                .forEach(
                        (kind, vector) -> {
                            EmbedderId id = towers.get(kind);
                            if (id != null) {
                                cache.put(id, request.sha256(), vector);
                                known.features.put(kind, vector);
                            }
                        });
        if (result.failure() != null) {
            known.failure = result.failure();
            if (result.failure().kind() != Problem.Kind.HASH_MISMATCH) {
                broken.put(request.sha256(), result.failure());
            }
        }
    }

    /** Waits for the results of a batch; throws the extractor's failures unwrapped. */
    static List<FeatureResult> await(Future<List<FeatureResult>> results) {
        try {
            return results.get();
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
