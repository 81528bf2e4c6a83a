package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.scoring.metric.Vectors;
import dev.stanstudio.scoring.vision.ClipModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Measures the share of pictures whose own caption a CLIP model ranks first. The other captions are
 * drawn from those of the other pictures with a fixed seed; equal captions count as one.
 */
public final class CaptionChoice {
    private static final long SEED = 32;
    private static final int BATCH = 32;

    private final ClipModel model;
    private final int among;

    /**
     * A choice among {@code among} captions, the right one included.
     *
     * @param model stays its owner's
     */
    public CaptionChoice(ClipModel model, int among) {
        if (among < 2) {
            throw new ArgumentException("a choice needs at least 2 captions, not " + among);
        }
        this.model = model;
        this.among = among;
    }

    /**
     * Reports the share of right choices.
     *
     * @param right share of the pictures whose own caption came first
     * @param cosine mean cosine between a picture and its own caption
     */
    public record Result(double right, double cosine) {}

    /** Measures pictures against their captions, both in one order. */
    public Result measure(List<String> captions, List<Picture> pictures) {
        Map<String, Integer> rows = new LinkedHashMap<>();
        captions.forEach(caption -> rows.putIfAbsent(caption, rows.size()));
        List<String> different = new ArrayList<>(rows.keySet());
        if (different.size() < among) {
            throw new ArgumentException(
                    "there are only %s different captions; choose among fewer than %s"
                            .formatted(different.size(), among));
        }
        float[][] texts = texts(different);
        SplittableRandom random = new SplittableRandom(SEED);
        int right = 0;
        double cosine = 0;
        for (int from = 0; from < pictures.size(); from += BATCH) {
            int to = Math.min(pictures.size(), from + BATCH);
            float[][] images = Vectors.units(model.images().embed(pictures.subList(from, to)));
            for (int i = from; i < to; i++) {
                int own = rows.getOrDefault(captions.get(i), 0);
                float[] image = images[i - from];
                cosine += Vectors.dot(image, texts[own]);
                right += isFirst(image, texts, own, random) ? 1 : 0;
            }
        }
        return new Result((double) right / pictures.size(), cosine / pictures.size());
    }

    private float[][] texts(List<String> captions) {
        float[][] texts = new float[captions.size()][];
        for (int from = 0; from < texts.length; from += BATCH) {
            int to = Math.min(texts.length, from + BATCH);
            float[][] part = Vectors.units(model.embed(captions.subList(from, to)));
            System.arraycopy(part, 0, texts, from, part.length);
        }
        return texts;
    }

    /** Returns true if none of {@code among} − 1 other captions is nearer. */
    private boolean isFirst(float[] image, float[][] texts, int own, SplittableRandom random) {
        double best = Vectors.dot(image, texts[own]);
        boolean first = true;
        boolean[] used = new boolean[texts.length];
        used[own] = true;
        for (int n = 1; n < among; n++) {
            int other = random.nextInt(texts.length);
            while (used[other]) {
                other = random.nextInt(texts.length);
            }
            used[other] = true;
            first &= Vectors.dot(image, texts[other]) < best;
        }
        return first;
    }
}
