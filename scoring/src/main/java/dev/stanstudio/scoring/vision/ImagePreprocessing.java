package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.PassOrder;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a picture for a metric model: to RGB (alpha dropped), resize on bytes, centre crop,
 * {@code (x · rescale − mean) / std} in single precision. Equal to the reference's
 * CLIPImageProcessor, ViTImageProcessor and BitImageProcessor on Pillow, whatever {@code
 * do_convert_rgb} says: the reference fails on pictures that it does not convert.
 *
 * <p>Scores depend on every part, so each part is in {@link #identity()}. Immutable and
 * thread-safe.
 *
 * @param resize the first step
 * @param crop the second step; null for none, which then needs a resize to an exact size
 * @param rescale factor for the bytes, usually 1/255
 * @param mean what is subtracted from red, green and blue
 * @param std what red, green and blue are divided by
 */
public record ImagePreprocessing(
        Resize resize,
        @Nullable CentreCrop crop,
        double rescale,
        List<Double> mean,
        List<Double> std) {
    /** The file that transformers writes beside a model. */
    public static final String FILE = "preprocessor_config.json";

    /** The file that transformers 5 writes in its place when text is processed too. */
    private static final String NEWER_FILE = "processor_config.json";

    private static final String NEWER_PART = "image_processor";

    /** Means that CLIP's models subtract. */
    public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

    /** Standard deviations that CLIP's models divide by. */
    public static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /** The factor that takes bytes to 0 … 1. */
    public static final double PER_BYTE = 1 / 255.0;

    /** Means that torchvision's models for ImageNet subtract; DINO's too. */
    public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

    /** Standard deviations that they divide by. */
    public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

    private static final int CHANNELS = 3;
    private static final int LEVELS = 256;

    /** Refuses lists that are not three numbers, and steps that leave the size open. */
    public ImagePreprocessing {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.size() != CHANNELS || std.size() != CHANNELS || std.contains(0.0)) {
            throw new UserException(
                    ("image_mean %s and image_std %s must be three numbers each, and no std"
                                    + " may be 0")
                            .formatted(mean, std));
        }
        if (crop == null && !(resize instanceof Resize.Exact)) {
            throw new UserException(
                    "resize "
                            + resize.identity()
                            + " without a centre crop leaves pictures of different sizes; set"
                            + " do_center_crop and crop_size");
        }
    }

    /**
     * Reads {@value #FILE} in a model's folder, or the processor_config.json of transformers 5,
     * with the defaults of the class it names for missing fields.
     *
     * @throws UserException that names the file and the field that does not fit
     */
    public static ImagePreprocessing read(Path folder) {
        if (Files.exists(folder.resolve(FILE)) || !isThere(folder)) {
            return ProcessorConfig.read(ConfigReader.of(folder.resolve(FILE)));
        }
        ConfigReader newer = ConfigReader.of(folder.resolve(NEWER_FILE));
        if (!newer.node().path(NEWER_PART).isObject()) {
            throw new UserException(
                    "%s lacks the object %s, and there is no %s"
                            .formatted(newer.origin(), NEWER_PART, FILE));
        }
        return ProcessorConfig.read(
                new ConfigReader(
                        newer.origin() + ": " + NEWER_PART, newer.node().path(NEWER_PART)));
    }

    /** Returns true if {@code folder} states how pictures are prepared. */
    public static boolean isThere(Path folder) {
        return Files.exists(folder.resolve(FILE)) || Files.exists(folder.resolve(NEWER_FILE));
    }

    /**
     * The transform that DINO's authors evaluate with and that the DreamBooth metric uses: the
     * shorter side to a fixed length (bicubic), torchvision's centre crop, ImageNet's mean and
     * deviation (facebookresearch/dino eval_knn.py). transformers' own file for these models
     * squeezes the picture instead.
     *
     * @param edge pixels of the shorter side, 256 for the published models
     * @param crop pixels of the crop's sides, 224 for the published models
     */
    public static ImagePreprocessing dreamBooth(int edge, int crop) {
        return new ImagePreprocessing(
                new Resize.ShortestEdge(edge, Resampler.of(ResampleFilter.BICUBIC)),
                new CentreCrop(crop, crop, CropRounding.HALF_TO_EVEN),
                PER_BYTE,
                IMAGENET_MEAN,
                IMAGENET_STD);
    }

    /**
     * The same steps with the passes of the resize in another order. The default is that of Pillow
     * 13; scores published before it were made with {@link PassOrder#PILLOW_12}, which differs for
     * tall pictures.
     */
    public ImagePreprocessing withPassOrder(PassOrder order) {
        return new ImagePreprocessing(resize.withOrder(order), crop, rescale, mean, std);
    }

    /** The same steps with another rule for odd margins. */
    public ImagePreprocessing withCropRounding(CropRounding rounding) {
        CentreCrop other =
                crop == null ? null : new CentreCrop(crop.height(), crop.width(), rounding);
        return new ImagePreprocessing(resize, other, rescale, mean, std);
    }

    /** All parts in words that never change between versions of this program. */
    public String identity() {
        return "rgb resize=%s crop=%s rescale=%s mean=%s std=%s"
                .formatted(
                        resize.identity(),
                        crop == null ? "none" : crop.identity(),
                        rescale,
                        mean,
                        std);
    }

    /** The picture as the model sees it, before its bytes become numbers: RGB, [H, W, 3]. */
    public Picture prepare(Picture picture) {
        Picture rgb = picture.toRgb();
        return crop == null ? resize.apply(rgb) : crop.ofResized(rgb, resize);
    }

    /** The model's input for {@code pictures}: [B, 3, H, W] in fp32 on the CPU. */
    public Tensor pixels(Scope scope, List<Picture> pictures) {
        return preparedPixels(scope, pictures.parallelStream().map(this::prepare).toList());
    }

    /**
     * The model's input for pictures that {@link #prepare} made: [B, 3, H, W], fp32, on the CPU.
     */
    public Tensor preparedPixels(Scope scope, List<Picture> prepared) {
        if (prepared.isEmpty()) {
            throw new IllegalArgumentException("a batch needs at least one picture");
        }
        int height = prepared.get(0).height();
        int width = prepared.get(0).width();
        int plane = height * width;
        float[][] tables = tables();
        return Tensors.filled(
                scope,
                DType.FP32,
                bytes -> {
                    FloatBuffer values = bytes.asFloatBuffer();
                    IntStream.range(0, prepared.size())
                            .parallel()
                            .forEach(
                                    i -> fill(values, i, prepared.get(i).samples(), plane, tables));
                },
                prepared.size(),
                CHANNELS,
                height,
                width);
    }

    private static void fill(
            FloatBuffer values, int picture, byte[] samples, int plane, float[][] tables) {
        for (int c = 0; c < CHANNELS; c++) {
            int start = (picture * CHANNELS + c) * plane;
            float[] table = tables[c];
            for (int p = 0; p < plane; p++) {
                values.put(start + p, table[samples[p * CHANNELS + c] & 0xFF]);
            }
        }
    }

    /** The number that each byte of each channel becomes, rounded where the reference rounds. */
    private float[][] tables() {
        float[][] tables = new float[CHANNELS][LEVELS];
        for (int c = 0; c < CHANNELS; c++) {
            float shift = mean.get(c).floatValue();
            float scale = std.get(c).floatValue();
            for (int level = 0; level < LEVELS; level++) {
                tables[c][level] = ((float) (level * rescale) - shift) / scale;
            }
        }
        return tables;
    }
}
