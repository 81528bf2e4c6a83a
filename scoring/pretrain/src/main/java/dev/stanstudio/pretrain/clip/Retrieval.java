package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureGrid;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures retrieval among 64: the share of pictures whose nearest text is their own, and the
 * reverse. Equal captions count as one.
 */
final class Retrieval {
    private static final int GROUP = 64;
    private static final int COLUMNS = 8;
    private static final int GAP = 2;

    private final ClipShape shape;
    private final ClipTowers towers;
    private final List<CaptionIds> ids;

    Retrieval(ClipShape shape, ClipTowers towers, List<CaptionIds> ids) {
        this.shape = shape;
        this.towers = towers;
        this.ids = ids;
    }

    /** Shares of right answers in groups of 64, per text tower; a smaller last group counts too. */
    Map<String, Double> measure(List<CaptionedPicture> items) {
        int count = shape.texts().size();
        double[] textRight = new double[count];
        double[] imageRight = new double[count];
        for (int from = 0; from < items.size(); from += GROUP) {
            List<CaptionedPicture> group =
                    items.subList(from, Math.min(items.size(), from + GROUP));
            for (int i = 0; i < count; i++) {
                float[] cosines = cosines(group, i);
                textRight[i] += right(group, best(cosines, group.size(), true));
                imageRight[i] += right(group, best(cosines, group.size(), false));
            }
        }
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (int i = 0; i < count && !items.isEmpty(); i++) {
            String suffix = i == 0 ? "" : "_" + (i + 1);
            numbers.put("picture_to_text" + suffix, textRight[i] / items.size());
            numbers.put("text_to_picture" + suffix, imageRight[i] / items.size());
        }
        return numbers;
    }

    /** Cosines [pictures, texts] by text tower {@code index}. */
    private float[] cosines(List<CaptionedPicture> group, int index) {
        try (Scope scope = Scope.open("retrieval")) {
            List<Picture> pictures = group.stream().map(CaptionedPicture::picture).toList();
            List<String> captions = group.stream().map(CaptionedPicture::caption).toList();
            Tensor images = towers.images(scope, PairBatches.bytes(scope, pictures)).get(index);
            Tensor texts = towers.texts(scope, index, ids.get(index).rows(captions));
            return ClipTowers.program().call(scope, "cosines", images, texts).toFloats();
        }
    }

    /** For each picture the nearest text, or for each text the nearest picture. */
    private static int[] best(float[] cosines, int n, boolean texts) {
        int[] best = new int[n];
        for (int i = 0; i < n; i++) {
            for (int j = 1; j < n; j++) {
                float candidate = texts ? cosines[i * n + j] : cosines[j * n + i];
                float known = texts ? cosines[i * n + best[i]] : cosines[best[i] * n + i];
                best[i] = candidate > known ? j : best[i];
            }
        }
        return best;
    }

    private static long right(List<CaptionedPicture> group, int[] best) {
        long right = 0;
        for (int i = 0; i < best.length; i++) {
            boolean same = group.get(best[i]).caption().equals(group.get(i).caption());
            right += same ? 1 : 0;
        }
        return right;
    }

    /** Rows of pictures, each above the pictures among 64 that their captions are nearest to. */
    Picture sheet(List<CaptionedPicture> items) {
        List<CaptionedPicture> group = items.subList(0, Math.min(items.size(), GROUP));
        int[] best = best(cosines(group, 0), group.size(), false);
        List<Picture> cells = new ArrayList<>();
        for (int from = 0; from + COLUMNS <= group.size() && from < 2 * COLUMNS; from += COLUMNS) {
            for (int i = from; i < from + COLUMNS; i++) {
                cells.add(group.get(i).picture());
            }
            for (int i = from; i < from + COLUMNS; i++) {
                cells.add(group.get(best[i]).picture());
            }
        }
        return cells.isEmpty() ? group.get(0).picture() : PictureGrid.of(cells, COLUMNS, GAP);
    }
}
