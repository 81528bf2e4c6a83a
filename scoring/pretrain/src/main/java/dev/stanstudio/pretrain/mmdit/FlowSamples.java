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
import dev.stanstudio.sd3.mmdit.Mmdit;
import dev.stanstudio.sd3.mmdit.Perturbation;
import dev.stanstudio.sd3.vae.Vae;
import dev.stanstudio.training.RectifiedFlow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Pictures that a transformer in training draws for held-out captions, from fixed noise. */
final class FlowSamples {
    private static final int COUNT = 16;
    private static final int COLUMNS = 8;
    private static final int GAP = 2;
    private static final int STEPS = 20;
    private static final double GUIDANCE = 4;
    private static final long SEED = 5;
    private static final double TIMESTEPS = 1000;

    private final Mmdit network;
    private final Vae vae;
    private final BaseData data;

    FlowSamples(Mmdit network, Vae vae, BaseData data) {
        this.network = network;
        this.vae = vae;
        this.data = data;
    }

    /** A sheet of {@value #COUNT} pictures. */
    Picture draw() {
        try (Scope scope = Scope.open("samples")) {
            long[] shape = data.heldOut().shape();
            shape[0] = COUNT;
            RandomSource random = RandomSource.seeded(scope, SEED);
            Tensor z = cast(scope, random.normal(scope, shape, DType.FP32));
            Mmdit.Conditioning text = text(scope);
            for (int step = 0; step < STEPS; step++) {
                z = step(scope, z, text, step);
            }
            return sheet(scope, z);
        }
    }

    private Tensor cast(Scope scope, Tensor tensor) {
        return Tensors.to(scope, tensor, network.placement().device(), network.placement().dtype());
    }

    /** Rows without a caption, then the held-out captions. */
    private Mmdit.Conditioning text(Scope scope) {
        long[] rows = new long[2 * COUNT];
        for (int i = 0; i < COUNT; i++) {
            rows[i] = CaptionTable.EMPTY;
            rows[COUNT + i] = data.captions().rowOf().get(data.count() + i);
        }
        Tensor ids = Tensors.of(scope, rows, rows.length);
        return network.condition(
                scope,
                cast(scope, RectifiedFlow.pick(scope, data.captions().tokens(), ids)),
                cast(scope, RectifiedFlow.pick(scope, data.captions().pooled(), ids)),
                data.captions().lastRepeats());
    }

    private Tensor step(Scope scope, Tensor z, Mmdit.Conditioning text, int step) {
        double sigma = 1 - (double) step / STEPS;
        double[] times = new double[2 * COUNT];
        Arrays.fill(times, sigma * TIMESTEPS);
        try (Scope local = Scope.open("step")) {
            Tensor twice = Tensors.concat(local, List.of(z, z), 0);
            Tensor v = network.forward(local, twice, times, text, Perturbation.NONE, block -> {});
            Tensor next = RectifiedFlow.euler(scope, z, v, GUIDANCE, -1.0 / STEPS);
            scope.release(z);
            return next;
        }
    }

    private Picture sheet(Scope scope, Tensor z) {
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
        return PictureGrid.of(pictures, COLUMNS, GAP);
    }
}
