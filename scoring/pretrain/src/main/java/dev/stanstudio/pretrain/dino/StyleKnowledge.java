package dev.stanstudio.pretrain.dino;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.scoring.metric.NearestVotes;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.scoring.vision.ImageEmbedder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts, by style, how often a finished tower's nearest known pictures name a picture's style:
 * {@link StyleNeighbours} for a model in its folder. Not thread-safe.
 */
public final class StyleKnowledge {
    private static final int BATCH = 64;

    private final ImageEmbedder tower;
    private final NearestVotes votes = new NearestVotes();

    /** Lets {@code known} pictures vote, as {@code tower} sees them. */
    public StyleKnowledge(ImageEmbedder tower, List<StyledPicture> known) {
        this.tower = tower;
        double[][] units = units(known);
        for (int i = 0; i < units.length; i++) {
            votes.add(known.get(i).style(), units[i]);
        }
    }

    /**
     * Counts of a style.
     *
     * @param right pictures whose style was named
     * @param all pictures of the style
     */
    public record Count(int right, int all) {
        private Count plus(boolean isRight) {
            return new Count(right + (isRight ? 1 : 0), all + 1);
        }
    }

    /** Counts the right names of {@code pictures}, by their true style. */
    public Map<String, Count> name(List<StyledPicture> pictures) {
        Map<String, Count> counts = new TreeMap<>();
        double[][] units = units(pictures);
        for (int i = 0; i < units.length; i++) {
            String style = pictures.get(i).style();
            boolean right = votes.predict(units[i]).equals(style);
            counts.put(style, counts.getOrDefault(style, new Count(0, 0)).plus(right));
        }
        return counts;
    }

    private double[][] units(List<StyledPicture> pictures) {
        double[][] units = new double[pictures.size()][];
        for (int from = 0; from < units.length; from += BATCH) {
            int to = Math.min(units.length, from + BATCH);
            List<Picture> batch =
                    pictures.subList(from, to).stream().map(StyledPicture::picture).toList();
            float[][] rows = Vectors.units(tower.embed(batch));
            for (int i = from; i < to; i++) {
                units[i] = Vectors.toDoubles(rows[i - from]);
            }
        }
        return units;
    }
}
