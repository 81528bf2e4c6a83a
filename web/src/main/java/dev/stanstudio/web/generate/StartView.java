package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.InputPictures;
import dev.stanstudio.web.server.View;
import org.jspecify.annotations.Nullable;

/**
 * Describes the picture that a matrix starts from.
 *
 * @param source id of a picture of the gallery, or the hash of a stored one
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @param mask hash of the mask, or empty
 */
public record StartView(
        String source,
        int width,
        int height,
        String mask,
        double strength,
        double feather,
        boolean soft,
        @Nullable Integer crop) {
    /** Returns whether the picture is one of the gallery. */
    boolean isOurs() {
        return !InputPictures.isHash(source);
    }

    /** Returns the address of the picture. */
    public String picture() {
        return isOurs() ? "/pictures/" + source + ".png" : "/inputs/" + source + ".png";
    }

    /** Returns the address of a small version of the picture. */
    public String thumbnail() {
        return (isOurs() ? "/pictures/" : "/inputs/") + source + "/thumbnail.png";
    }

    /** Returns the address to look at the picture. */
    public String page() {
        return isOurs() ? "/pictures/" + source : picture();
    }

    /** Returns the address of the mask; empty for none. */
    public String maskPicture() {
        return mask.isEmpty() ? "" : "/inputs/" + mask + ".png";
    }

    /**
     * Describes the part of the form that chooses where to start.
     *
     * @param picture to start from; null for noise
     * @param width suggested for what is drawn, 0 for no suggestion
     * @param height suggested for what is drawn, 0 for no suggestion
     */
    public record Choice(@Nullable StartView picture, int width, int height) implements View {
        @Override
        public String template() {
            return "generate/start.jte";
        }
    }
}
