package dev.stanstudio.web.reproduce;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Scores how much a picture looks like a style to a network: the mean cosine to real pictures of
 * the style, less the mean over the other styles. Larger is nearer; −2 … 2. Belongs to one thread.
 */
final class StyleJudge {
    private final ImageEmbedder embedder;
    private final Map<String, double[]> means = new LinkedHashMap<>();

    /**
     * Creates a judge of the given styles.
     *
     * @param data a style collection
     * @param perStyle real pictures of each
     */
    StyleJudge(ImageEmbedder embedder, Path data, List<String> styles, int perStyle) {
        this.embedder = embedder;
        StyleCollection collection = StyleCollection.open(data);
        List<StyleItem> items = new ArrayList<>(collection.items());
        items.sort(Comparator.comparing(StyleItem::sha256));
        for (String style : styles) {
            List<Picture> pictures =
                    items.stream()
                            .filter(item -> item.labels().styles().get(0).equals(style))
                            .limit(perStyle)
                            .map(collection::picture)
                            .toList();
            if (pictures.isEmpty()) {
                throw new UserException(
                        collection.folder() + " has no pictures of '" + style + "'");
            }
            means.put(style, mean(embedder.embed(pictures)));
        }
    }

    /**
     * Returns up to {@code most} different contents that the pictures of a collection show.
     *
     * @throws ArgumentException if it does not say
     */
    static List<String> contents(Path data, int most) {
        List<String> contents =
                StyleCollection.open(data).items().stream()
                        .map(item -> item.labels().content())
                        .flatMap(Stream::ofNullable)
                        .distinct()
                        .limit(most)
                        .toList();
        if (contents.isEmpty()) {
            throw new ArgumentException(data + " does not say what its pictures show");
        }
        return contents;
    }

    /**
     * Returns the styles of a collection in the order of the alphabet, each picture's first.
     *
     * @throws ArgumentException if its pictures name none
     */
    static List<String> styles(Path data) {
        List<String> styles =
                StyleCollection.open(data).items().stream()
                        .flatMap(item -> item.labels().styles().stream().limit(1))
                        .distinct()
                        .sorted()
                        .toList();
        if (styles.isEmpty()) {
            throw new ArgumentException(data + " names no style of its pictures");
        }
        return styles;
    }

    /** Returns whether a collection has pictures of a part. */
    static boolean hasPart(Path data, String part) {
        return StyleCollection.open(data).items().stream()
                .anyMatch(item -> part.equals(item.labels().split()));
    }

    private static double[] mean(float[][] rows) {
        double[] mean = new double[rows[0].length];
        for (float[] row : rows) {
            double length = length(row);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / length / rows.length;
            }
        }
        return mean;
    }

    private static double length(float[] row) {
        double sum = 0;
        for (float value : row) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    double score(Picture picture, String style) {
        float[] own = embedder.embed(List.of(picture))[0];
        double length = length(own);
        double wanted = 0;
        double others = 0;
        for (Map.Entry<String, double[]> entry : means.entrySet()) {
            double cosine = 0;
            for (int i = 0; i < own.length; i++) {
                cosine += own[i] / length * entry.getValue()[i];
            }
            if (entry.getKey().equals(style)) {
                wanted = cosine;
            } else {
                others += cosine / (means.size() - 1);
            }
        }
        return wanted - others;
    }
}
