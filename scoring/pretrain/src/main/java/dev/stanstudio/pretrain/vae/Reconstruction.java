package dev.stanstudio.pretrain.vae;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureGrid;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.vae.Vae;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures the reconstructions of an autoencoder, from the posterior's mean, without noise. */
public final class Reconstruction {
    private static final int SHEET = 16;
    private static final int COLUMNS = 8;
    private static final int GAP = 2;

    private final Vae vae;

    public Reconstruction(Vae vae) {
        this.vae = vae;
    }

    /**
     * Mean PSNR in dB over the pictures, and the mean and standard deviation of their latents'
     * means, from which shift and scale follow.
     */
    public Map<String, Double> measure(List<Picture> pictures) {
        double psnr = 0;
        double mean = 0;
        double square = 0;
        for (Picture picture : pictures) {
            try (Scope scope = Scope.open("picture")) {
                Tensor wanted = tensor(scope, picture);
                Tensor moments = vae.encode(scope, wanted, false, () -> {});
                psnr += psnr(scope, wanted, decode(scope, moments));
                Tensor means = VaePretraining.program().call(scope, "moments_of_means", moments);
                mean += means.toFloats()[0];
                square += means.toFloats()[1];
            }
        }
        int n = pictures.size();
        Map<String, Double> numbers = new LinkedHashMap<>();
        if (n > 0) {
            numbers.put("psnr", psnr / n);
            numbers.put("latent_mean", mean / n);
            numbers.put("latent_std", Math.sqrt(square / n - (mean / n) * (mean / n)));
        }
        return numbers;
    }

    /** Normalised means of the posterior [B, C, H, W] of pictures of one size. */
    public static Tensor latents(Scope owner, Vae vae, List<Picture> pictures) {
        try (Scope scope = Scope.open("latents")) {
            int side = pictures.get(0).width();
            int height = pictures.get(0).height();
            ByteBuffer bytes = ByteBuffer.allocateDirect(pictures.size() * side * height * 3);
            pictures.forEach(picture -> bytes.put(picture.samples()));
            Tensor raw =
                    Tensors.ofBytes(
                            scope, bytes.flip(), DType.UINT8, pictures.size(), height, side, 3);
            Tensor moments = vae.encode(scope, pixels(scope, vae, raw), false, () -> {});
            return vae.mode(owner, moments);
        }
    }

    private static Tensor pixels(Scope scope, Vae vae, Tensor raw) {
        return VaePretraining.program()
                .call(
                        scope,
                        "pictures",
                        raw,
                        vae.placement().device(),
                        vae.placement().dtype().scalarType());
    }

    private static double psnr(Scope scope, Tensor wanted, Tensor made) {
        Tensor error = VaePretraining.program().call(scope, "picture_error", wanted, made);
        return -10 * Math.log10(error.toFloats()[0]);
    }

    private Tensor decode(Scope scope, Tensor moments) {
        long channels = moments.size(1) / 2;
        Tensor means = Tensors.narrow(scope, moments, 1, 0, channels);
        return vae.decode(scope, means, false, () -> {});
    }

    private Tensor tensor(Scope scope, Picture picture) {
        ByteBuffer bytes = ByteBuffer.wrap(picture.samples());
        Tensor raw =
                Tensors.ofBytes(scope, bytes, DType.UINT8, 1, picture.height(), picture.width(), 3);
        return pixels(scope, vae, raw);
    }

    /** The picture that comes back. */
    Picture of(Picture picture) {
        try (Scope scope = Scope.open("picture")) {
            Tensor wanted = tensor(scope, picture);
            Tensor made = decode(scope, vae.encode(scope, wanted, false, () -> {}));
            byte[] samples = Vae.toBytes(scope, Vae.toPicture(scope, made)).toBytes();
            return Picture.of(picture.width(), picture.height(), PixelMode.RGB, samples);
        }
    }

    /** Rows of originals, each above its reconstructions. */
    Picture sheet(List<Picture> pictures) {
        List<Picture> cells = new ArrayList<>();
        int shown = Math.min(SHEET, pictures.size());
        for (int from = 0; from < shown; from += COLUMNS) {
            List<Picture> row = pictures.subList(from, Math.min(shown, from + COLUMNS));
            cells.addAll(row);
            if (row.size() == COLUMNS) {
                row.forEach(picture -> cells.add(of(picture)));
            }
        }
        return PictureGrid.of(cells, COLUMNS, GAP);
    }
}
