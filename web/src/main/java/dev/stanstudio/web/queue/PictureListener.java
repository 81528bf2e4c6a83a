package dev.stanstudio.web.queue;

import dev.stanstudio.base.image.Picture;
import java.util.function.Supplier;

/** Receives the progress of this process' workers, on their threads; should return soon. */
public interface PictureListener {
    /**
     * Receives a finished step of a picture.
     *
     * @param preview a small picture of it so far, made when it is asked for
     */
    void stepped(String id, int done, int steps, Supplier<Picture> preview);

    /** Receives a change of the queue. */
    void changed();
}
