package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.Arrays;
import java.util.List;

/** transformers' image processors with the values they take for fields that a file leaves out. */
enum ProcessorKind {
    /** image_processing_clip.py. */
    CLIP("CLIP", ResampleFilter.BICUBIC, false, true),
    /** image_processing_vit.py. */
    VIT("ViT", ResampleFilter.BILINEAR, true, false),
    /** image_processing_bit.py. */
    BIT("Bit", ResampleFilter.BICUBIC, false, true);

    /** Pixels of the side when the file gives none. */
    static final int DEFAULT_SIDE = 224;

    private static final String TYPE = "image_processor_type";
    private static final String OLD_TYPE = "feature_extractor_type";

    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    private final String prefix;
    final ResampleFilter filter;

    /** True if a single number for the size means a square, not the shortest edge. */
    final boolean square;

    final boolean crops;

    ProcessorKind(String prefix, ResampleFilter filter, boolean square, boolean crops) {
        this.prefix = prefix;
        this.filter = filter;
        this.square = square;
        this.crops = crops;
    }

    List<Double> mean() {
        return this == VIT ? HALF : ImagePreprocessing.CLIP_MEAN;
    }

    List<Double> std() {
        return this == VIT ? HALF : ImagePreprocessing.CLIP_STD;
    }

    /** The class that {@code json} names, in its slow, fast or old form. */
    static ProcessorKind of(ConfigReader json) {
        String name = json.text(TYPE, json.text(OLD_TYPE, ""));
        return Arrays.stream(values())
                .filter(kind -> name.matches(kind.prefix + "(ImageProcessor.*|FeatureExtractor)"))
                .findFirst()
                .orElseThrow(() -> unknown(json, name));
    }

    private static UserException unknown(ConfigReader json, String name) {
        return new UserException(
                ("%s: %s '%s' is not supported, only CLIPImageProcessor, ViTImageProcessor"
                                + " and BitImageProcessor")
                        .formatted(json.origin(), TYPE, name));
    }
}
