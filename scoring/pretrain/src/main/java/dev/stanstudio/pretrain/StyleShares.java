package dev.stanstudio.pretrain;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.synth.SynthCommand;
import dev.stanstudio.synth.paint.ArtStyle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Defines the option that says how often each style is drawn for a training. */
public final class StyleShares {
    private static final String UNSEEN = "unseen";

    @Option(
            names = "--share",
            paramLabel = "STYLE=N",
            split = ",",
            description =
                    "How often a style is drawn; unseen=N names all that the transformer does not"
                            + " learn (plain 8, of dino 1, unseen styles 0, others 1).")
    Map<String, Integer> shares = new TreeMap<>();

    /** Returns the shares that were named; a style's own goes before that of all unseen ones. */
    public Map<ArtStyle, Integer> byStyle() {
        Map<ArtStyle, Integer> counts = new EnumMap<>(ArtStyle.class);
        Integer unseen = shares.get(UNSEEN);
        if (unseen != null) {
            ArtStyle.unseen().forEach(style -> counts.put(style, unseen));
        }
        shares.forEach(
                (name, count) -> {
                    if (!name.equals(UNSEEN)) {
                        counts.put(SynthCommand.style("--share", name), count);
                    }
                });
        return counts;
    }

    /**
     * Returns each style as often as it is drawn.
     *
     * @param plain times of plain
     * @param shares times of named styles; of others taught ones once, unseen ones never
     */
    public static List<ArtStyle> styles(int plain, Map<ArtStyle, Integer> shares) {
        List<ArtStyle> styles = new ArrayList<>();
        List<ArtStyle> taught = ArtStyle.taught();
        for (ArtStyle style : ArtStyle.values()) {
            int known = taught.contains(style) ? 1 : 0;
            int share = shares.getOrDefault(style, style == ArtStyle.PLAIN ? plain : known);
            if (share < 0) {
                throw new ArgumentException(
                        style.id() + " cannot be drawn " + share + " times as often");
            }
            styles.addAll(Collections.nCopies(share, style));
        }
        return styles;
    }

    /** As {@link #styles}, each style once before any is named again. */
    public static List<ArtStyle> inRounds(int plain, Map<ArtStyle, Integer> shares) {
        List<ArtStyle> all = styles(plain, shares);
        List<ArtStyle> rounds = new ArrayList<>();
        for (int round = 1; rounds.size() < all.size(); round++) {
            for (ArtStyle style : ArtStyle.values()) {
                if (Collections.frequency(all, style) >= round) {
                    rounds.add(style);
                }
            }
        }
        return rounds;
    }

    /** Returns the shares as they were given, for a training's identity. */
    @Override
    public String toString() {
        return shares.toString();
    }
}
