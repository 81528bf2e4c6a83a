package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureGrid;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.RandomSource;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.pretrain.NanoShapes;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.RectifiedFlow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pictures that a network in training draws for held-out captions, from fixed noise. */
final class FlowSamples {
    private static final int COUNT = 16;
    private static final int COLUMNS = 8;
    private static final int GAP = 2;
    private static final int STEPS = 20;
    private static final double GUIDANCE = 4;
    private static final long SEED = 5;
    private static final double TIMESTEPS = 1000;

    private final Placement placement;
    private final Vae vae;
    private final BaseData data;

    FlowSamples(Placement placement, Vae vae, BaseData data) {
        this.placement = placement;
        this.vae = vae;
        this.data = data;
    }

    /** Predicts velocities. */
    @FunctionalInterface
    interface Network {
        /**
         * Returns the velocity [B, C, H, W], which {@code own} owns.
         *
         * @param z [B, C, H, W], without captions and then with them
         * @param times B numbers, 1000·σ
         * @param tokens [B, M, joint width]
         * @param pooled [B, pooled width]
         */
        Tensor velocity(Scope own, Tensor z, double[] times, Tensor tokens, Tensor pooled);
    }

    /** Draws a sheet of {@value #COUNT} pictures. */
    Picture draw(Mmdit network) {
        int repeats = data.captions().lastRepeats();
        Network alone =
                (own, z, times, tokens, pooled) ->
                        network.forward(
                                own,
                                z,
                                times,
                                network.condition(own, tokens, pooled, repeats),
                                Perturbation.NONE,
                                block -> {});
        return PictureGrid.of(pictures(alone), COLUMNS, GAP);
    }

    /** Returns the first {@value #COUNT} rows, and them again. */
    static Tensor twice(Scope own, Tensor rows) {
        Tensor first = Tensors.narrow(own, rows, 0, 0, COUNT);
        return Tensors.concat(own, List.of(first, first), 0);
    }

    /** Draws {@value #COUNT} pictures. */
    List<Picture> pictures(Network network) {
        try (Scope scope = Scope.open("samples")) {
            long[] shape = data.heldOut().shape();
            shape[0] = COUNT;
            RandomSource random = RandomSource.seeded(scope, SEED);
            Tensor z = cast(scope, random.normal(scope, shape, DType.FP32));
            Tensor ids = captions(scope);
            Tensor tokens = cast(scope, RectifiedFlow.pick(scope, data.captions().tokens(), ids));
            Tensor pooled = cast(scope, RectifiedFlow.pick(scope, data.captions().pooled(), ids));
            for (int step = 0; step < STEPS; step++) {
                z = step(scope, network, z, tokens, pooled, step);
            }
            return decoded(scope, z);
        }
    }

    private Tensor cast(Scope scope, Tensor tensor) {
        return Tensors.to(scope, tensor, placement.device(), placement.dtype());
    }

    /** Rows without a caption, then the held-out captions. */
    private Tensor captions(Scope scope) {
        long[] rows = new long[2 * COUNT];
        for (int i = 0; i < COUNT; i++) {
            rows[i] = CaptionTable.EMPTY;
            rows[COUNT + i] = data.captions().rowOf().get(data.count() + i);
        }
        return Tensors.of(scope, rows, rows.length);
    }

    private static Tensor step(
            Scope scope, Network network, Tensor z, Tensor tokens, Tensor pooled, int step) {
        double sigma = 1 - (double) step / STEPS;
        double[] times = new double[2 * COUNT];
        Arrays.fill(times, sigma * TIMESTEPS);
        try (Scope local = Scope.open("step")) {
            Tensor twice = Tensors.concat(local, List.of(z, z), 0);
            Tensor v = network.velocity(local, twice, times, tokens, pooled);
            Tensor next = RectifiedFlow.euler(scope, z, v, GUIDANCE, -1.0 / STEPS);
            scope.release(z);
            return next;
        }
    }

    private List<Picture> decoded(Scope scope, Tensor z) {
        Tensor latents = Tensors.to(scope, z, vae.placement().device(), vae.placement().dtype());
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            try (Scope local = Scope.open("decode")) {
                Tensor one = Tensors.narrow(local, latents, 0, i, i + 1);
                Tensor made = vae.decode(local, vae.denormalise(local, one), false, () -> {});
                byte[] samples = Vae.toBytes(local, Vae.toPicture(local, made)).toBytes();
                int side = NanoShapes.SIDE;
                pictures.add(Picture.of(side, side, PixelMode.RGB, samples));
            }
        }
        return pictures;
    }
}
