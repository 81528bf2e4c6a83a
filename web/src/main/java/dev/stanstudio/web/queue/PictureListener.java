package dev.stanstudio.web.queue;

import dev.stanstudio.base.image.Picture;
import java.util.function.Supplier;

/** Told what the workers of this process do. Called on their threads; should return soon. */
public interface PictureListener {
    /**
     * A picture came a step further.
     *
     * @param preview a small picture of it so far, made when it is asked for
     */
    void stepped(String id, int done, int steps, Supplier<Picture> preview);

    /** Something in the queue changed. */
    void changed();
}
