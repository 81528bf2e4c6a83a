package dev.stanstudio.scoring.report;

import java.util.List;

/**
 * A metric in words.
 *
 * @param key its name in files
 * @param meaning what it measures
 * @param direction what higher and lower mean
 * @param formula what is computed
 * @param network what people call the network
 * @param same other metrics that are this one times a number, in words
 * @param verdict what it says about the methods; the question's own for its first metric
 * @param bars its values; empty for the question's first metric, which shows them itself
 */
public record Metric(
        String key,
        String meaning,
        String direction,
        String formula,
        String network,
        List<String> same,
        String verdict,
        List<Bars> bars) {
    /** Keeps copies of the lists. */
    public Metric {
        same = List.copyOf(same);
        bars = List.copyOf(bars);
    }
}
