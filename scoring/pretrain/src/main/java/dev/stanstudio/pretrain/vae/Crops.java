package dev.stanstudio.pretrain.vae;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.PictureSource;
import dev.stanstudio.training.StepRandom;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Random crops of random pictures, mirrored half of the time; a step's batch follows from its
 * number.
 */
record Crops(PictureSource source, long pictures, int batch, int crop, long seed) {
    /** The batch of step {@code step} as bytes [B, crop, crop, 3]. */
    Tensor batch(Scope scope, long step) {
        SplittableRandom random = StepRandom.of(seed, step);
        ByteBuffer bytes = ByteBuffer.allocateDirect(batch * crop * crop * 3);
        for (int i = 0; i < batch; i++) {
            add(bytes, source.picture(random.nextLong(pictures)), random);
        }
        return Tensors.ofBytes(scope, bytes.flip(), DType.UINT8, batch, crop, crop, 3);
    }

    private void add(ByteBuffer bytes, Picture picture, SplittableRandom random) {
        int left = random.nextInt(picture.width() - crop + 1);
        int top = random.nextInt(picture.height() - crop + 1);
        boolean mirrored = random.nextBoolean();
        byte[] samples = picture.samples();
        for (int y = 0; y < crop; y++) {
            for (int x = 0; x < crop; x++) {
                int column = left + (mirrored ? crop - 1 - x : x);
                bytes.put(samples, ((top + y) * picture.width() + column) * 3, 3);
            }
        }
    }
}
