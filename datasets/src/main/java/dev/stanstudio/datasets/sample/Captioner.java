package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.UserException;
import java.nio.file.Path;

/** Describes pictures by an outside program. For one thread. */
interface Captioner extends AutoCloseable {
    /** Returns what the program says of a picture. */
    CaptionAnswer ask(Path picture) throws InterruptedException;

    /**
     * Ends the program after the last picture.
     *
     * @throws ExtraLines if it said more than it was asked
     */
    void finish() throws InterruptedException;

    /** Ends the program at once, if it runs. */
    @Override
    void close();

    /** Reports a program that printed more lines than pictures, which are not told apart then. */
    final class ExtraLines extends UserException {
        private static final long serialVersionUID = 1;

        ExtraLines(String message) {
            super(message);
        }
    }
}
