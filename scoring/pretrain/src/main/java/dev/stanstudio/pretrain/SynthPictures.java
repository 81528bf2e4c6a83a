package dev.stanstudio.pretrain;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Pictures of the procedural collection, drawn when they are first asked for and then kept. */
final class SynthPictures implements PictureSource {
    private final SynthCollection collection;
    private final long seed;
    private final AtomicReferenceArray<@Nullable Picture> drawn;

    SynthPictures(SynthSpec spec, long seed, int count) {
        this.collection = new SynthCollection(spec);
        this.seed = seed;
        this.drawn = new AtomicReferenceArray<>(count);
    }

    @Override
    public Picture picture(long index) {
        int i = Math.toIntExact(index);
        Picture picture = drawn.get(i);
        if (picture == null) {
            picture = collection.item(seed, i).picture();
            drawn.set(i, picture);
        }
        return picture;
    }
}
