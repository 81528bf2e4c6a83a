package dev.stanstudio.scoring.compute;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.vision.Features;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import dev.stanstudio.scoring.vision.TowerKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes the features of a batch of pictures with the towers of this machine. */
public final class FeatureBatch {
    private final List<Prepared> prepared;
    private final List<Map<TowerKind, float[]>> features = new ArrayList<>();
    private final List<@Nullable Failure> failures = new ArrayList<>();

    private FeatureBatch(List<Prepared> prepared) {
        this.prepared = prepared;
        for (Prepared one : prepared) {
            features.add(new EnumMap<>(TowerKind.class));
            failures.add(one.failure());
        }
    }

    /**
     * Holds a picture resized for each tower. The decoded picture is dropped at once: a batch of
     * photographs would need gigabytes.
     */
    private record Prepared(
            int width, int height, Map<TowerKind, Picture> inputs, @Nullable Failure failure) {
        static Prepared of(Map<TowerKind, ImageEmbedder> towers, FeatureRequest request) {
            Decoded decoded = request.pixels();
            Map<TowerKind, Picture> inputs = new EnumMap<>(TowerKind.class);
            Picture picture = decoded.picture();
            if (picture == null) {
                return new Prepared(0, 0, inputs, decoded.failure());
            }
            towers.forEach(
                    (kind, tower) -> {
                        if (request.towers().contains(kind)) {
                            inputs.put(kind, tower.prepare(picture));
                        }
                    });
            return new Prepared(picture.width(), picture.height(), inputs, decoded.failure());
        }
    }

    /** Returns the results of {@code requests}, in their order. Thread-safe. */
    public static List<FeatureResult> compute(
            Map<TowerKind, ImageEmbedder> towers, List<FeatureRequest> requests) {
        // Decoding takes as long as a small network; the order stays.
        FeatureBatch batch =
                new FeatureBatch(ParallelMap.map(requests, one -> Prepared.of(towers, one)));
        towers.forEach(batch::embed);
        return batch.results();
    }

    private void embed(TowerKind kind, ImageEmbedder tower) {
        List<Integer> places = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < prepared.size(); i++) {
            Picture picture = prepared.get(i).inputs().get(kind);
            if (picture != null) {
                places.add(i);
                pictures.add(picture);
            }
        }
        float[][] rows = tower.embedPrepared(pictures);
        for (int i = 0; i < rows.length; i++) {
            store(kind, tower, places.get(i), rows[i]);
        }
    }

    private void store(TowerKind kind, ImageEmbedder tower, int place, float[] row) {
        if (!Features.isFinite(row) || isZero(row)) {
            failures.set(
                    place, new Failure(Problem.Kind.NOT_FINITE, tower.id().tower().notFinite()));
        } else {
            features.get(place).put(kind, row);
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

    private List<FeatureResult> results() {
        List<FeatureResult> results = new ArrayList<>();
        for (int i = 0; i < prepared.size(); i++) {
            Prepared one = prepared.get(i);
            results.add(
                    new FeatureResult(one.width(), one.height(), features.get(i), failures.get(i)));
        }
        return results;
    }
}
