package dev.stanstudio.base;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Closes several resources; a failure of one leaves none of the others open. */
public final class Closing {
    private Closing() {}

    /**
     * Closes {@code resources} in the given order; null is nothing to close.
     *
     * @throws RuntimeException the first failure, with the later ones suppressed in it; what is
     *     checked is wrapped in an {@link IllegalStateException}
     */
    public static void all(@Nullable AutoCloseable... resources) {
        all(Arrays.asList(resources));
    }

    /** As {@link #all(AutoCloseable...)}. */
    public static void all(Iterable<? extends @Nullable AutoCloseable> resources) {
        RuntimeException first = null;
        for (AutoCloseable resource : resources) {
            RuntimeException failure = failure(resource);
            if (first == null) {
                first = failure;
            } else if (failure != null && failure != first) {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Closes {@code resource} because of {@code cause}; a failure is suppressed in that. */
    public static void after(Throwable cause, @Nullable AutoCloseable resource) {
        RuntimeException failure = failure(resource);
        if (failure != null && failure != cause) {
            cause.addSuppressed(failure);
        }
    }

    private static @Nullable RuntimeException failure(@Nullable AutoCloseable resource) {
        if (resource == null) {
            return null;
        }
        try {
            resource.close();
            return null;
        } catch (RuntimeException e) {
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new IllegalStateException(e);
        } catch (Exception e) {
            return new IllegalStateException(e);
        }
    }
}
