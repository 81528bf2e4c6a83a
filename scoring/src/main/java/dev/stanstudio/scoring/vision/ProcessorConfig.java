package dev.stanstudio.scoring.vision;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the fields of preprocessor_config.json, of every age. */
final class ProcessorConfig {
    private static final String SIZE = "size";
    private static final String CROP = "crop_size";
    private static final String SHORTEST = "shortest_edge";
    private static final String HEIGHT = "height";
    private static final String WIDTH = "width";

    private final ConfigReader json;
    private final ProcessorKind kind;

    private ProcessorConfig(ConfigReader json) {
        this.json = json;
        this.kind = ProcessorKind.of(json);
    }

    static ImagePreprocessing read(ConfigReader json) {
        ProcessorConfig config = new ProcessorConfig(json);
        boolean normalises = json.flag("do_normalize", true);
        return new ImagePreprocessing(
                json.flag("do_resize", true) ? config.resize() : new Resize.None(),
                config.crop(),
                json.flag("do_rescale", true)
                        ? json.number("rescale_factor", ImagePreprocessing.PER_BYTE)
                        : 1,
                normalises
                        ? config.json.numbers("image_mean", config.kind.mean())
                        : List.of(0.0, 0.0, 0.0),
                normalises
                        ? config.json.numbers("image_std", config.kind.std())
                        : List.of(1.0, 1.0, 1.0));
    }

    private Resize resize() {
        Resampler resampler = Resampler.of(json.filter("resample", kind.filter));
        JsonNode size = json.node().path(SIZE);
        if (!size.isObject()) {
            int side = json.integer(SIZE, ProcessorKind.DEFAULT_SIDE, 1);
            return kind.square
                    ? new Resize.Exact(side, side, resampler)
                    : new Resize.ShortestEdge(side, resampler);
        }
        ConfigReader sides = sides(SIZE, size);
        if (sides.has(SHORTEST) && size.size() == 1) {
            return new Resize.ShortestEdge(sides.integer(SHORTEST, 1, 1), resampler);
        }
        requireBoth(sides);
        return new Resize.Exact(sides.integer(HEIGHT, 1, 1), sides.integer(WIDTH, 1, 1), resampler);
    }

    private @Nullable CentreCrop crop() {
        if (!json.flag("do_center_crop", kind.crops)) {
            return null;
        }
        JsonNode size = json.node().path(CROP);
        if (!size.isObject()) {
            int side = json.integer(CROP, ProcessorKind.DEFAULT_SIDE, 1);
            return new CentreCrop(side, side, CropRounding.DOWN);
        }
        ConfigReader sides = sides(CROP, size);
        requireBoth(sides);
        return new CentreCrop(
                sides.integer(HEIGHT, 1, 1), sides.integer(WIDTH, 1, 1), CropRounding.DOWN);
    }

    private ConfigReader sides(String field, JsonNode node) {
        return new ConfigReader(json.origin() + ": " + field, node);
    }

    private static void requireBoth(ConfigReader sides) {
        if (!sides.has(HEIGHT) || !sides.has(WIDTH)) {
            throw new UserException(
                    ("%s %s is not supported; give one number, height and width, or (for size)"
                                    + " shortest_edge")
                            .formatted(sides.origin(), sides.node()));
        }
    }
}
