package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.base.UserException;

/** A checkpoint whose tensors do not fit the network. */
public final class WeightException extends UserException {
    /** One line that names the tensors and the file. */
    public WeightException(String message) {
        super(message);
    }
}
