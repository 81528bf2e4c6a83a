package dev.stanstudio.scoring.vision;

/** Places a centre crop whose margin is odd, or whose picture is too small. */
public enum CropRounding {
    /** Rounds down (transformers image_transforms.py, center_crop). */
    DOWN {
        @Override
        int start(int size, int crop) {
            return Math.floorDiv(size - crop, 2);
        }
    },
    /**
     * Rounds half a pixel to the even side, and pads the smaller half before a picture that is too
     * small (torchvision functional.py, center_crop): margins of 3, 7, 11 … pixels start one pixel
     * later than with {@link #DOWN}.
     */
    HALF_TO_EVEN {
        @Override
        int start(int size, int crop) {
            return size < crop ? -((crop - size) / 2) : (int) Math.rint((size - crop) / 2.0);
        }
    };

    /** The first source row or column of the crop; negative where zeros come first. */
    abstract int start(int size, int crop);
}
