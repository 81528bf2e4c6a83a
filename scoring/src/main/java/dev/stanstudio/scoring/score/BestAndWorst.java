package dev.stanstudio.scoring.score;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The best and the worst pictures of every style, over all methods, by one metric. */
public final class BestAndWorst {
    /** Pictures at each end. */
    public static final int SHOWN = 4;

    /**
     * A picture at one end.
     *
     * @param input the list it is from
     * @param picture its numbers
     * @param value its score
     */
    public record Shown(String input, ScoredPicture picture, double value) {}

    private static final Comparator<Shown> ORDER =
            Comparator.comparingDouble(Shown::value)
                    .thenComparing(shown -> shown.picture().hash())
                    .thenComparing(shown -> shown.picture().listed().file());

    private final String metric;
    private final Map<String, List<Shown>> best = new LinkedHashMap<>();
    private final Map<String, List<Shown>> worst = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    BestAndWorst(String metric) {
        this.metric = metric;
    }

    void add(String input, ScoredPicture picture) {
        Double value = picture.scores().get(metric);
        if (value == null) {
            return;
        }
        String style = picture.listed().style() == null ? "" : picture.listed().style();
        Shown shown = new Shown(input, picture, value);
        counts.merge(style, 1, Integer::sum);
        keep(best.computeIfAbsent(style, s -> new ArrayList<>()), shown, ORDER.reversed());
        keep(worst.computeIfAbsent(style, s -> new ArrayList<>()), shown, ORDER);
    }

    private static void keep(List<Shown> list, Shown shown, Comparator<Shown> order) {
        list.add(shown);
        list.sort(order);
        if (list.size() > SHOWN) {
            list.remove(SHOWN);
        }
    }

    /** Returns the metric that ranks the pictures. */
    public String metric() {
        return metric;
    }

    /** The styles, "" where none is known. */
    public List<String> styles() {
        return best.keySet().stream().sorted().toList();
    }

    /** Best first; of few pictures the better half. */
    public List<Shown> best(String style) {
        return first(best, style, (counts.getOrDefault(style, 0) + 1) / 2);
    }

    /** Worst first, without those that {@link #best} has. */
    public List<Shown> worst(String style) {
        return first(worst, style, counts.getOrDefault(style, 0) / 2);
    }

    private static List<Shown> first(Map<String, List<Shown>> all, String style, int most) {
        List<Shown> shown = all.getOrDefault(style, List.of());
        return shown.subList(0, Math.min(shown.size(), most));
    }
}
