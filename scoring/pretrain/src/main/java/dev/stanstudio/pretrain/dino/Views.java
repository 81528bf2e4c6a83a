package dev.stanstudio.pretrain.dino;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import java.util.SplittableRandom;

/**
 * Random parts of pictures, as DINO's multi-crop takes them: an area and a shape by chance,
 * mirrored half of the time, contrast, brightness, saturation and tint changed a little, sometimes
 * grey. Colours are not turned: a style's palette is part of it.
 *
 * @param matrices [B, 2, 3]: from the view's coordinates to the picture's, both −1 … 1
 * @param looks [B, 6]: contrast, brightness, share of grey (below 0 more colour than there was),
 *     factors of red, green and blue
 */
record Views(Tensor matrices, Tensor looks) {
    private static final double LOG_ASPECT = Math.log(4 / 3.0);
    private static final double CHANGE = 0.2;
    private static final double GREY = 0.15;
    private static final double SATURATION = 0.4;
    private static final double TINT = 0.15;
    private static final int LOOKS = 6;

    /** Views of {@code count} pictures that show {@code least} … {@code most} of their area. */
    static Views draw(Scope scope, SplittableRandom random, int count, double least, double most) {
        float[] matrices = new float[6 * count];
        float[] looks = new float[LOOKS * count];
        for (int i = 0; i < count; i++) {
            double area = random.nextDouble(least, most);
            double aspect = Math.exp(random.nextDouble(-LOG_ASPECT, LOG_ASPECT));
            double width = Math.min(1, Math.sqrt(area * aspect));
            double height = Math.min(1, Math.sqrt(area / aspect));
            double right = 1 - width;
            double down = 1 - height;
            matrices[6 * i] = (float) (random.nextBoolean() ? width : -width);
            matrices[6 * i + 2] = (float) (right * random.nextDouble(-1, 1));
            matrices[6 * i + 4] = (float) height;
            matrices[6 * i + 5] = (float) (down * random.nextDouble(-1, 1));
            look(random, looks, LOOKS * i);
        }
        return new Views(
                Tensors.of(scope, matrices, count, 2, 3), Tensors.of(scope, looks, count, LOOKS));
    }

    private static void look(SplittableRandom random, float[] looks, int at) {
        looks[at] = (float) (1 + CHANGE * random.nextDouble(-1, 1));
        looks[at + 1] = (float) (CHANGE / 2 * random.nextDouble(-1, 1));
        double faded = SATURATION * random.nextDouble(-1, 1);
        looks[at + 2] = random.nextDouble() < GREY ? 1 : (float) faded;
        for (int c = 0; c < 3; c++) {
            looks[at + 3 + c] = (float) (1 + TINT * random.nextDouble(-1, 1));
        }
    }
}
