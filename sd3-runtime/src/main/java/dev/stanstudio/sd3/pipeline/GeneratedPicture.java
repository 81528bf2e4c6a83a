package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.base.image.Picture;

/**
 * A finished picture.
 *
 * @param picture its pixels
 * @param request the request that repeats it alone
 */
public record GeneratedPicture(Picture picture, GenerationRequest request) {
    /** The seed it was made from. */
    public long seed() {
        return request.seeds().get(0);
    }
}
