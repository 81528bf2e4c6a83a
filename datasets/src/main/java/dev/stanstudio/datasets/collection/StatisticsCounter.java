package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.UserException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Sums up the pictures of a collection one by one. For one thread. */
final class StatisticsCounter {
    private static final String NONE = "(none)";

    private final StyleCollection collection;
    private final Map<String, Long> styles = new TreeMap<>();
    private final Map<String, Map<String, Long>> shared = new TreeMap<>();
    private final Map<String, Long> splits = new TreeMap<>();
    private final Map<String, Long> licences = new TreeMap<>();
    private final Set<String> artists = new HashSet<>();
    private final Set<String> captions = new HashSet<>();
    private final List<String> missing = new ArrayList<>();
    private final Histogram shortSides =
            new Histogram(new int[] {256, 512, 768, 1024, 1536, 2048}, Integer::toString);
    private final Histogram shapes =
            new Histogram(new int[] {50, 80, 125, 200}, StatisticsCounter::shape);
    private final Histogram captionLengths =
            new Histogram(new int[] {5, 10, 20, 40, 80}, Integer::toString);
    private final List<StyleItem> items = new ArrayList<>();
    private final IntStream.Builder widths = IntStream.builder();
    private final IntStream.Builder heights = IntStream.builder();
    private final IntStream.Builder words = IntStream.builder();
    private long pictures;
    private long inSeveralStyles;
    private long equalCaptions;
    private long withoutContent;
    private long missingCount;

    StatisticsCounter(StyleCollection collection) {
        this.collection = collection;
    }

    void count(StyleItem item) {
        Labels labels = item.labels();
        pictures++;
        countStyles(labels.styles());
        increment(splits, labels.split());
        increment(licences, labels.licence());
        if (labels.artist() != null) {
            artists.add(labels.artist());
        }
        countSize(item);
        int length = item.text().split("\\s+").length;
        words.add(length);
        captionLengths.add(length);
        equalCaptions += captions.add(item.text()) ? 0 : 1;
        withoutContent += labels.content() == null ? 1 : 0;
        items.add(item);
        countMissing(item);
    }

    private void countSize(StyleItem item) {
        widths.add(item.width());
        heights.add(item.height());
        shortSides.add(Math.min(item.width(), item.height()));
        shapes.add(Math.round(100f * item.width() / item.height()));
    }

    private static String shape(int percent) {
        return String.format(Locale.ROOT, "%.2f", percent / 100.0);
    }

    private void countMissing(StyleItem item) {
        if (!Files.isRegularFile(collection.file(item))) {
            missingCount++;
            if (missing.size() < CollectionStatistics.MAX_NAMED) {
                missing.add(item.fileName());
            }
        }
    }

    private void countStyles(List<String> names) {
        names.forEach(name -> increment(styles, name));
        inSeveralStyles += names.size() > 1 ? 1 : 0;
        for (String first : names) {
            for (String second : names) {
                if (first.compareTo(second) < 0) {
                    increment(shared.computeIfAbsent(first, name -> new TreeMap<>()), second);
                }
            }
        }
    }

    private static void increment(Map<String, Long> counts, @Nullable String key) {
        counts.merge(key == null ? NONE : key, 1L, Long::sum);
    }

    CollectionStatistics result() {
        if (pictures == 0) {
            throw new UserException(collection.folder() + " lists no pictures");
        }
        Alike alike = Alike.of(items);
        return new CollectionStatistics(
                pictures,
                styles,
                inSeveralStyles,
                overlaps(),
                splits,
                licences,
                artists.size(),
                range(widths),
                range(heights),
                shortSides.counts(),
                shapes.counts(),
                range(words),
                captionLengths.counts(),
                equalCaptions,
                withoutContent,
                alike.duplicates(),
                alike.lookAlikes(),
                alike.groups(),
                alike.unhashed(),
                alike.leaks(),
                List.copyOf(missing),
                missingCount);
    }

    private List<CollectionStatistics.Overlap> overlaps() {
        List<CollectionStatistics.Overlap> overlaps = new ArrayList<>();
        shared.forEach(
                (first, others) ->
                        others.forEach(
                                (second, count) -> {
                                    if (2 * count >= smaller(first, second)) {
                                        overlaps.add(
                                                new CollectionStatistics.Overlap(
                                                        first, second, count));
                                    }
                                }));
        return overlaps;
    }

    private long smaller(String first, String second) {
        return Math.min(styles.getOrDefault(first, 0L), styles.getOrDefault(second, 0L));
    }

    private static CollectionStatistics.Range range(IntStream.Builder values) {
        int[] sorted = values.build().sorted().toArray();
        return new CollectionStatistics.Range(
                sorted[0], sorted[(sorted.length - 1) / 2], sorted[sorted.length - 1]);
    }
}
