package dev.stanstudio.sd3.model;

/**
 * A picture to draw, for {@link MemoryNeed}.
 *
 * @param load how the model is held
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @param tiled whether the picture is decoded in tiles
 */
public record DrawingPlan(LoadOptions load, int width, int height, boolean tiled) {
    /** Refuses sizes that no picture has. */
    public DrawingPlan {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("a picture of %dx%d".formatted(width, height));
        }
    }
}
