package dev.stanstudio.web.grid;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.pipeline.ImageInput;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a picture that all pictures of a grid start from.
 *
 * @param picture its file
 * @param mask file of a mask of its size, white where it is painted anew
 * @param strength above 0 up to 1; null for 0.6, with a soft mask 1
 * @param feather soft edge of the mask in pixels
 * @param soft whether the mask's grey values are strengths
 * @param crop pixels around the mask that are drawn with it, that region alone
 */
record GridImage(
        @Nullable String picture,
        @Nullable String mask,
        @Nullable Double strength,
        @Nullable Double feather,
        @Nullable Boolean soft,
        @Nullable Integer crop) {
    /**
     * Reads the key {@code image}; paths begin at the file's folder.
     *
     * @throws UserException that names the file and what does not fit
     */
    static @Nullable ImageInput read(@Nullable JsonNode node, YamlRecord records) {
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            throw records.wrong("image must have keys, such as {picture: room.png}, not " + node);
        }
        GridImage image = records.read(node, GridImage.class, "image");
        if (image.picture == null || image.picture.isBlank()) {
            throw records.wrong("image needs a picture");
        }
        try {
            return image.input(
                    Objects.requireNonNullElse(
                            records.file().toAbsolutePath().getParent(), Path.of("")),
                    image.picture);
        } catch (UserException e) {
            throw records.wrong(String.valueOf(e.getMessage()));
        }
    }

    private ImageInput input(Path folder, String file) {
        boolean softened = Boolean.TRUE.equals(soft);
        double usual = softened ? ImageInput.SOFT_STRENGTH : ImageInput.DEFAULT_STRENGTH;
        return ImageInput.of(
                        folder.resolve(file).toString(),
                        mask == null ? null : folder.resolve(mask).toString(),
                        Objects.requireNonNullElse(strength, usual))
                .withFeather(Objects.requireNonNullElse(feather, 0.0))
                .softened(softened)
                .cropped(crop);
    }
}
