package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.image.CannyEdges;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.NanoData;
import dev.stanstudio.pretrain.PictureSource;
import dev.stanstudio.pretrain.vae.Reconstruction;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.synth.SynthCollection;
import dev.stanstudio.synth.paint.ArtStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Pictures with their edges, as a control network is trained on. Its scope owns the tensors.
 *
 * @param joined latents whose first half of channels is the picture's and whose second half its
 *     edges', so that a batch draws both
 * @param pictures edges of the first held-out items
 */
record ControlData(BaseData joined, List<Picture> pictures) {
    /** Thresholds of the edges, those of {@code canny} in requests. */
    private static final double LOW = 100;

    private static final double HIGH = 200;
    private static final int AT_ONCE = 16;

    /** Draws, encodes and joins the edges of the items of {@code base}. */
    static ControlData load(
            Scope scope,
            Path cache,
            String identity,
            BaseData base,
            Vae vae,
            int threads,
            LongConsumer progress) {
        SynthCollection collection = new SynthCollection(NanoData.baseSpec());
        PictureSource source =
                index -> edges(BaseData.item(collection, Math.toIntExact(index)).picture());
        try (Scope local = Scope.open("edges")) {
            Tensor edges =
                    new LatentChunks(cache, "edges of " + identity, vae, threads)
                            .load(local, source, base.count(), progress);
            List<Picture> held = new ArrayList<>();
            for (int i = 0; i < BaseData.HELD_OUT; i++) {
                held.add(edges(NanoData.heldOutItem(ArtStyle.PLAIN, i).picture()));
            }
            List<Tensor> parts = new ArrayList<>();
            for (int from = 0; from < held.size(); from += AT_ONCE) {
                List<Picture> some = held.subList(from, Math.min(held.size(), from + AT_ONCE));
                parts.add(Reconstruction.latents(local, vae, some));
            }
            return of(scope, base, edges, Tensors.concat(local, parts, 0), held);
        }
    }

    /** Joins latents with those of their edges. */
    static ControlData of(
            Scope scope, BaseData base, Tensor edges, Tensor heldOutEdges, List<Picture> pictures) {
        return new ControlData(
                new BaseData(
                        Tensors.concat(scope, List.of(base.latents(), edges), 1),
                        base.captions(),
                        Tensors.concat(scope, List.of(base.heldOut(), heldOutEdges), 1)),
                List.copyOf(pictures));
    }

    private static Picture edges(Picture picture) {
        return CannyEdges.of(picture, LOW, HIGH).toRgb();
    }

    /** Returns the picture's channels of a joined tensor. */
    Tensor latents(Scope own, Tensor both) {
        return Tensors.narrow(own, both, 1, 0, both.size(1) / 2);
    }

    /** Returns the edges' channels of a joined tensor. */
    Tensor edges(Scope own, Tensor both) {
        return Tensors.narrow(own, both, 1, both.size(1) / 2, both.size(1));
    }

    /** Returns the items without their edges. */
    BaseData alone(Scope own) {
        return new BaseData(
                latents(own, joined.latents()), joined.captions(), latents(own, joined.heldOut()));
    }
}
