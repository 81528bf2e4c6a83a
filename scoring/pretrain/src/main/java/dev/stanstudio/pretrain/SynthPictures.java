package dev.stanstudio.pretrain;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.SynthSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of procedural collections in turn, drawn when they are first asked for and then kept.
 */
final class SynthPictures implements PictureSource {
    private final List<SynthCollection> collections;
    private final long seed;
    private final AtomicReferenceArray<@Nullable Picture> drawn;

    SynthPictures(List<SynthSpec> specs, long seed, int count) {
        this.collections = specs.stream().map(SynthCollection::new).toList();
        this.seed = seed;
        this.drawn = new AtomicReferenceArray<>(count);
    }

    @Override
    public Picture picture(long index) {
        int i = Math.toIntExact(index);
        Picture picture = drawn.get(i);
        if (picture == null) {
            picture = collections.get(i % collections.size()).item(seed, i).picture();
            drawn.set(i, picture);
        }
        return picture;
    }
}
