package dev.stanstudio.sd3.pretrain;

import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.PictureGrid;
import dev.stanstudio.datasets.picture.PixelMode;
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

/** How well an autoencoder gives pictures back: through the posterior's mean, without noise. */
final class Reconstruction {
    private static final int SHEET = 16;
    private static final int COLUMNS = 8;
    private static final int GAP = 2;

    private final Vae vae;

    Reconstruction(Vae vae) {
        this.vae = vae;
    }

    /**
     * Mean PSNR in dB over the pictures, and the mean and standard deviation of their latents'
     * means, from which shift and scale follow.
     */
    Map<String, Double> measure(List<Picture> pictures) {
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
        return VaePretraining.program()
                .call(
                        scope,
                        "pictures",
                        raw,
                        vae.placement().device(),
                        vae.placement().dtype().scalarType());
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
