package dev.stanstudio.sd3.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Prepares pictures for a SigLIP tower as transformers' SiglipImageProcessor on Pillow does: to RGB
 * (alpha dropped), stretched to a square on bytes, {@code (x · rescale − mean) / std} in single
 * precision.
 *
 * @param side of the square in pixels
 * @param resampler stretches the picture
 * @param rescale factor for the bytes
 * @param mean subtracted from red, green and blue
 * @param std red, green and blue are divided by it
 */
public record PictureScaling(
        int side, Resampler resampler, double rescale, List<Double> mean, List<Double> std) {
    private static final String FILE = "preprocessor_config.json";
    private static final String SIZE = "size";
    private static final int CHANNELS = 3;
    private static final List<Double> HALVES = List.of(0.5, 0.5, 0.5);

    /** Refuses lists that are not three numbers. */
    public PictureScaling {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != CHANNELS || std.size() != CHANNELS || std.contains(0.0)) {
            throw new UserException(
                    "image_mean %s and image_std %s must be three numbers each, and no std may be 0"
                            .formatted(mean, std));
        }
    }

    /**
     * Reads the folder's preprocessor_config.json, with the class's defaults for missing fields.
     *
     * @param side pixels that the tower reads
     * @throws UserException that names the file and the field that does not fit
     */
    static PictureScaling read(Path folder, int side) {
        ConfigReader json = ConfigReader.of(folder.resolve(FILE));
        for (String step : List.of("do_resize", "do_rescale", "do_normalize")) {
            json.require(step, "true");
        }
        checkSize(json, side);
        return new PictureScaling(
                side,
                Resampler.of(json.filter("resample", ResampleFilter.BICUBIC)),
                json.number("rescale_factor", 1 / 255.0),
                json.numbers("image_mean", HALVES),
                json.numbers("image_std", HALVES));
    }

    private static void checkSize(ConfigReader json, int side) {
        JsonNode size = json.node().path(SIZE);
        if (size.isMissingNode() || size.isNull()) {
            return;
        }
        int height = size.path("height").asInt(size.asInt());
        int width = size.path("width").asInt(size.asInt());
        if (height != side || width != side) {
            throw new UserException(
                    "%s: size %s is not the %d×%d pixels that the image encoder reads"
                            .formatted(json.origin(), size, side, side));
        }
    }

    /** The tower's input for {@code pictures}: [P, 3, side, side] in fp32 on the CPU. */
    public Tensor pixels(Scope scope, List<Picture> pictures) {
        List<byte[]> samples =
                pictures.stream()
                        .map(p -> resampler.resize(p.toRgb(), side, side).samples())
                        .toList();
        return Tensors.filled(
                scope,
                DType.FP32,
                bytes -> {
                    FloatBuffer values = bytes.asFloatBuffer();
                    samples.forEach(one -> put(values, one));
                },
                pictures.size(),
                CHANNELS,
                side,
                side);
    }

    private void put(FloatBuffer values, byte[] samples) {
        for (int c = 0; c < CHANNELS; c++) {
            float shift = mean.get(c).floatValue();
            float divisor = std.get(c).floatValue();
            for (int p = c; p < samples.length; p += CHANNELS) {
                values.put(((float) ((samples[p] & 0xFF) * rescale) - shift) / divisor);
            }
        }
    }
}
