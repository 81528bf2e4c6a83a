package dev.stanstudio.sd3.pipeline;

import java.util.concurrent.CancellationException;

/** Ends a generation between layers when its listener cancels it. */
record CancellationCheck(GenerationListener listener) {
    void check() {
        if (listener.isCancelled()) {
            throw new CancellationException("the generation was cancelled");
        }
    }
}
