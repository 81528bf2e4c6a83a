package dev.stanstudio.training;

import dev.stanstudio.base.UserException;

/**
 * A training whose loss or gradients are no longer finite; its parameters are those of the last
 * good step.
 */
public final class DivergedException extends UserException {
    /** A divergence described by {@code message}. */
    public DivergedException(String message) {
        super(message);
    }
}
