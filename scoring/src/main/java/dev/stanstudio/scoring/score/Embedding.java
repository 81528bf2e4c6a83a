package dev.stanstudio.scoring.score;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.scoring.cache.FeatureCache;
import dev.stanstudio.scoring.embed.Features;
import dev.stanstudio.scoring.embed.ImageEmbedder;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.towers.TowerKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Pictures to features of all towers, from the cache or in batches, handed on in the order they
 * came. A batch holds pictures that were missing when their turn came, and is kept as soon as it is
 * computed. So after a kill the batches that are left hold what they would have held, and the
 * features are the same to the bit, though a batch's size may show in the last one. Windows bound
 * how many pictures wait. For one thread.
 *
 * @param <T> what comes with a picture
 */
final class Embedding<T> {
    /** Pictures after which whatever is missing is computed, full batch or not. */
    private static final int WINDOW = 512;

    /** Is given every picture, in order. */
    interface Sink<T> {
        /** The picture's features by tower. */
        void onFeatures(T tag, Map<TowerKind, float[]> features);

        /** The picture cannot be used. */
        void onFailure(T tag, Failure failure);
    }

    /** Why a picture cannot be used. */
    record Failure(Problem.Kind kind, String message) {}

    private record Waiting<T>(T tag, String sha256) {}

    private final Map<TowerKind, ImageEmbedder> towers;
    private final FeatureCache cache;
    private final int batch;
    private final Function<Path, Picture> reader;
    private final Sink<T> sink;

    private final List<Waiting<T>> window = new ArrayList<>();
    private final Map<String, Map<TowerKind, float[]>> known = new HashMap<>();
    private final Map<String, Failure> failed = new HashMap<>();
    private final List<String> missing = new ArrayList<>();
    private final List<Picture> decoded = new ArrayList<>();
    private long computed;

    Embedding(
            Map<TowerKind, ImageEmbedder> towers,
            FeatureCache cache,
            int batch,
            Function<Path, Picture> reader,
            Sink<T> sink) {
        this.towers = towers;
        this.cache = cache;
        this.batch = batch;
        this.reader = reader;
        this.sink = sink;
    }

    /** Pictures that went through a network. */
    long computed() {
        return computed;
    }

    /** Takes a picture; its file is not needed after the call. */
    void add(T tag, String sha256, Path file) {
        if (!known.containsKey(sha256) && !failed.containsKey(sha256)) {
            look(sha256, file);
        }
        window.add(new Waiting<>(tag, sha256));
        if (missing.size() == batch) {
            compute();
        }
        if (window.size() == WINDOW) {
            flush();
        }
    }

    private void look(String sha256, Path file) {
        Map<TowerKind, float[]> features = new EnumMap<>(TowerKind.class);
        towers.forEach(
                (kind, tower) -> {
                    float @Nullable [] cached = cache.get(tower.id(), sha256);
                    if (cached != null) {
                        features.put(kind, cached);
                    }
                });
        if (features.size() < towers.size()) {
            try {
                Picture picture = reader.apply(file);
                cache.putSize(sha256, picture.width(), picture.height());
                decoded.add(picture);
                missing.add(sha256);
            } catch (PictureFiles.AnimatedException e) {
                fail(sha256, Problem.Kind.ANIMATED, String.valueOf(e.getMessage()));
                return;
            } catch (UserException e) {
                fail(sha256, Problem.Kind.UNREADABLE, String.valueOf(e.getMessage()));
                return;
            }
        }
        known.put(sha256, features);
    }

    private void fail(String sha256, Problem.Kind kind, String message) {
        failed.put(sha256, new Failure(kind, message));
    }

    /** Hands on everything that waits. */
    void flush() {
        compute();
        for (Waiting<T> waiting : window) {
            Failure failure = failed.get(waiting.sha256());
            Map<TowerKind, float[]> features = known.get(waiting.sha256());
            if (failure != null) {
                sink.onFailure(waiting.tag(), failure);
            } else if (features != null) {
                sink.onFeatures(waiting.tag(), features);
            }
        }
        window.clear();
        known.clear();
        failed.clear();
    }

    private void compute() {
        if (missing.isEmpty()) {
            return;
        }
        towers.forEach(this::compute);
        cache.commit();
        computed += missing.size();
        missing.clear();
        decoded.clear();
    }

    private void compute(TowerKind kind, ImageEmbedder tower) {
        List<String> lacking = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < missing.size(); i++) {
            Map<TowerKind, float[]> features = known.get(missing.get(i));
            if (features != null && !features.containsKey(kind)) {
                lacking.add(missing.get(i));
                pictures.add(decoded.get(i));
            }
        }
        float[][] rows = tower.embedUnchecked(pictures);
        for (int i = 0; i < rows.length; i++) {
            keep(kind, tower, lacking.get(i), rows[i]);
        }
    }

    private void keep(TowerKind kind, ImageEmbedder tower, String sha256, float[] row) {
        if (!Features.isFinite(row) || isZero(row)) {
            fail(sha256, Problem.Kind.NOT_FINITE, tower.id().tower().notFinite());
            return;
        }
        cache.put(tower.id(), sha256, row);
        Map<TowerKind, float[]> features = known.get(sha256);
        if (features != null) {
            features.put(kind, row);
        }
    }

    private static boolean isZero(float[] row) {
        for (float value : row) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
