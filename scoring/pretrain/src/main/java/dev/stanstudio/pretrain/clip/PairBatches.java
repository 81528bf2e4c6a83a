package dev.stanstudio.pretrain.clip;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.training.StepRandom;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random pairs of a picture, mirrored half of the time and moved by up to a sixteenth of its side,
 * and a caption; a step's batch follows from its number.
 */
record PairBatches(CaptionSource source, int pictures, int batch, CaptionShares shares, long seed) {
    private static final int SHIFT_PARTS = 16;

    /**
     * Pairs.
     *
     * @param pictures bytes [B, H, W, 3]
     * @param captions B texts
     */
    record Pairs(Tensor pictures, List<String> captions) {
        /**
         * Returns the targets [B, B], a row per picture; equal captions share the weight of a text
         * equally.
         */
        Tensor wanted(Scope scope) {
            int n = captions.size();
            float[] shares = new float[n * n];
            for (int i = 0; i < n; i++) {
                String own = captions.get(i);
                long equal = captions.stream().filter(own::equals).count();
                for (int j = 0; j < n; j++) {
                    shares[i * n + j] = captions.get(j).equals(own) ? 1f / equal : 0;
                }
            }
            return Tensors.of(scope, shares, n, n);
        }
    }

    /** The pairs of step {@code step}. */
    Pairs pairs(Scope scope, long step) {
        SplittableRandom random = StepRandom.of(seed, step);
        List<String> captions = new ArrayList<>();
        List<Picture> drawn = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            CaptionedPicture item = source.item(random.nextInt(pictures));
            drawn.add(moved(item.picture(), random));
            captions.add(shares.pick(item, random.nextDouble()));
        }
        return new Pairs(bytes(scope, drawn), captions);
    }

    /** RGB pictures of one size as bytes [B, H, W, 3]. */
    static Tensor bytes(Scope scope, List<Picture> pictures) {
        Picture first = pictures.get(0);
        int size = first.samples().length;
        ByteBuffer bytes = ByteBuffer.allocateDirect(size * pictures.size());
        pictures.forEach(picture -> bytes.put(picture.samples()));
        return Tensors.ofBytes(
                scope,
                bytes.flip(),
                DType.UINT8,
                pictures.size(),
                first.height(),
                first.width(),
                3);
    }

    /** The picture's edge fills what comes in from outside. */
    private static Picture moved(Picture picture, SplittableRandom random) {
        int reach = picture.width() / SHIFT_PARTS;
        int right = random.nextInt(-reach, reach + 1);
        int down = random.nextInt(-reach, reach + 1);
        boolean mirrored = random.nextBoolean();
        int width = picture.width();
        int height = picture.height();
        byte[] from = picture.samples();
        byte[] to = new byte[from.length];
        for (int y = 0; y < height; y++) {
            int row = within(y - down, height) * width;
            for (int x = 0; x < width; x++) {
                int column = within(x - right, width);
                int source = row + (mirrored ? width - 1 - column : column);
                System.arraycopy(from, source * 3, to, (y * width + x) * 3, 3);
            }
        }
        return Picture.of(width, height, picture.mode(), to);
    }

    private static int within(int position, int size) {
        return Math.max(0, Math.min(position, size - 1));
    }
}
