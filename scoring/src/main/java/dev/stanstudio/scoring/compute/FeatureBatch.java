package dev.stanstudio.scoring.compute;

import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.scoring.embed.Features;
import dev.stanstudio.scoring.embed.ImageEmbedder;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.towers.TowerKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch of pictures through the towers of this machine. */
public final class FeatureBatch {
    private final List<Wanted> wanted;
    private final List<Decoded> decoded;
    private final List<Map<TowerKind, float[]>> features = new ArrayList<>();
    private final List<@Nullable Failure> failures = new ArrayList<>();

    private FeatureBatch(List<Wanted> wanted) {
        this.wanted = wanted;
        // Decoding takes as long as a small network; the order stays.
        decoded = wanted.parallelStream().map(Wanted::pixels).toList();
        for (Decoded one : decoded) {
            features.add(new EnumMap<>(TowerKind.class));
            failures.add(one.failure());
        }
    }

    /** What {@code towers} see in the pictures, in their order. Thread-safe. */
    public static List<Seen> see(Map<TowerKind, ImageEmbedder> towers, List<Wanted> wanted) {
        FeatureBatch batch = new FeatureBatch(wanted);
        towers.forEach(batch::embed);
        return batch.seen();
    }

    private void embed(TowerKind kind, ImageEmbedder tower) {
        List<Integer> places = new ArrayList<>();
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Picture picture = decoded.get(i).picture();
            if (picture != null && wanted.get(i).towers().contains(kind)) {
                places.add(i);
                pictures.add(picture);
            }
        }
        float[][] rows = tower.embedUnchecked(pictures);
        for (int i = 0; i < rows.length; i++) {
            keep(kind, tower, places.get(i), rows[i]);
        }
    }

    private void keep(TowerKind kind, ImageEmbedder tower, int place, float[] row) {
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

    private List<Seen> seen() {
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < decoded.size(); i++) {
            Picture picture = decoded.get(i).picture();
            int width = picture == null ? 0 : picture.width();
            int height = picture == null ? 0 : picture.height();
            seen.add(new Seen(width, height, features.get(i), failures.get(i)));
        }
        return seen;
    }
}
