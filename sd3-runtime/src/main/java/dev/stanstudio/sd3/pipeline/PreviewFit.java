package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.vae.Vae;
import java.util.Random;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.DecompositionSolver;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * A linear map from latents to colours, fitted once to the model's own autoencoder: patches of
 * known colour are encoded, and colour is regressed on the latents in the middle of each patch
 * (ridge regression). Good enough to watch a picture appear, for a thousandth of a decode.
 */
final class PreviewFit implements Preview {
    private static final int PATCHES = 6;
    private static final int CELLS = 4;
    private static final int PICTURES = 4;
    private static final double RIDGE = 1e-3;
    private static final int SEED = 20240612;

    /** Far beyond what autoencoders give, and far below where sums of squares lose the ridge. */
    private static final float LARGEST_LATENT = 1e4f;

    private final Scope scope = Scope.open("preview");
    private final Tensor weights;
    private final Tensor offset;

    private PreviewFit(float[] matrix, float[] bias, int channels) {
        this.weights = Tensors.of(scope, matrix, 3, channels);
        this.offset = Tensors.of(scope, bias, 3);
    }

    /** Encodes the patches and fits the map. */
    static PreviewFit of(Vae vae, Runnable checkpoint) {
        int channels = vae.config().latentChannels();
        RealMatrix inputs =
                new Array2DRowRealMatrix(PICTURES * PATCHES * PATCHES * 4, channels + 1);
        RealMatrix colours = new Array2DRowRealMatrix(inputs.getRowDimension(), 3);
        Random random = new Random(SEED);
        int row = 0;
        for (int i = 0; i < PICTURES; i++) {
            row = addPicture(vae, random, inputs, colours, row, checkpoint);
        }
        RealMatrix gram = inputs.transposeMultiply(inputs);
        RealMatrix ridge =
                MatrixUtils.createRealIdentityMatrix(channels + 1)
                        .scalarMultiply(RIDGE * inputs.getRowDimension());
        DecompositionSolver solver = new CholeskyDecomposition(gram.add(ridge)).getSolver();
        RealMatrix solution = solver.solve(inputs.transposeMultiply(colours));
        float[] matrix = new float[3 * channels];
        float[] bias = new float[3];
        for (int c = 0; c < 3; c++) {
            for (int k = 0; k < channels; k++) {
                matrix[c * channels + k] = (float) solution.getEntry(k, c);
            }
            bias[c] = (float) solution.getEntry(channels, c);
        }
        return new PreviewFit(matrix, bias, channels);
    }

    private static int addPicture(
            Vae vae,
            Random random,
            RealMatrix inputs,
            RealMatrix colours,
            int firstRow,
            Runnable checkpoint) {
        int patch = CELLS * vae.config().factor();
        int side = PATCHES * patch;
        int[] palette = random.ints(PATCHES * PATCHES * 3, 0, 256).toArray();
        byte[] pixels = new byte[side * side * 3];
        for (int i = 0; i < pixels.length; i++) {
            int x = i / 3 % side / patch;
            int y = i / 3 / side / patch;
            pixels[i] = (byte) palette[(y * PATCHES + x) * 3 + i % 3];
        }
        float[] latents = encode(vae, pixels, side, checkpoint);
        int cells = PATCHES * CELLS;
        int channels = vae.config().latentChannels();
        int row = firstRow;
        for (int cell = 0; cell < cells * cells; cell++) {
            int x = cell % cells;
            int y = cell / cells;
            if (!inner(x) || !inner(y)) {
                continue;
            }
            for (int k = 0; k < channels; k++) {
                inputs.setEntry(row, k, usable(latents[k * cells * cells + cell]));
            }
            inputs.setEntry(row, channels, 1);
            for (int c = 0; c < 3; c++) {
                int colour = palette[(y / CELLS * PATCHES + x / CELLS) * 3 + c];
                colours.setEntry(row, c, colour / 255.0);
            }
            row++;
        }
        return row;
    }

    private static boolean inner(int cell) {
        int place = cell % CELLS;
        return place > 0 && place < CELLS - 1;
    }

    /** An encoder that overflows costs the preview its colours, not the picture. */
    private static float usable(float latent) {
        return Math.abs(latent) < LARGEST_LATENT ? latent : 0;
    }

    private static float[] encode(Vae vae, byte[] pixels, int side, Runnable checkpoint) {
        try (Scope local = Scope.open("preview fit")) {
            Tensor bytes = Pictures.tensor(local, pixels, side, side, 3);
            Tensor moments = vae.encode(local, vae.fromBytes(local, bytes), false, checkpoint);
            return vae.mode(local, moments).toFloats();
        }
    }

    /** Returns a picture of W × H pixels. */
    @Override
    public Picture draw(Tensor latents) {
        try (Scope local = Scope.open("preview")) {
            Tensor host = Tensors.to(local, latents, Device.CPU, DType.FP32);
            Tensor bytes = LatentOps.preview(local, host, weights, offset);
            int height = Math.toIntExact(bytes.size(0));
            int width = Math.toIntExact(bytes.size(1));
            return Picture.of(width, height, PixelMode.RGB, bytes.toBytes());
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
