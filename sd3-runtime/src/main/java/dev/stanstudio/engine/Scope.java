package dev.stanstudio.engine;

import dev.stanstudio.base.Closing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The named owner of tensors with one lifetime: a model, a request, a step. Closing the scope
 * closes what it owns, newest first, and does not stop at a failure.
 *
 * <p>A scope belongs to one thread at a time. Use with try-with-resources:
 *
 * <pre>{@code
 * try (Scope step = Scope.open("step")) {
 *     Tensor velocity = program.call(step, "forward", x);
 *     return outer.adopt(velocity, step);
 * }
 * }</pre>
 */
public final class Scope implements AutoCloseable {
    private final String name;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private boolean closed;

    private Scope(String name) {
        this.name = name;
    }

    /** Returns a new, empty scope; {@code name} appears in errors. */
    public static Scope open(String name) {
        return new Scope(name);
    }

    /** Makes this scope the owner of {@code resource}, which must have no owner yet. */
    public <T extends AutoCloseable> T own(T resource) {
        if (closed) {
            closeQuietly(resource);
            throw new IllegalStateException("scope '%s' is closed".formatted(name));
        }
        owned.push(resource);
        return resource;
    }

    /** Takes {@code resource} over from {@code previous}, so that it outlives that scope. */
    public <T extends AutoCloseable> T adopt(T resource, Scope previous) {
        if (!previous.remove(resource)) {
            throw new IllegalStateException(
                    "scope '%s' does not own what '%s' wants".formatted(previous.name, name));
        }
        return own(resource);
    }

    /** Closes one owned resource before the scope ends. */
    public void release(AutoCloseable resource) {
        if (remove(resource)) {
            closeQuietly(resource);
        }
    }

    /** Returns the number of resources owned now. */
    public int size() {
        return owned.size();
    }

    private boolean remove(AutoCloseable resource) {
        for (Iterator<AutoCloseable> it = owned.iterator(); it.hasNext(); ) {
            if (it.next() == resource) {
                it.remove();
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        closed = true;
        Set<AutoCloseable> newestFirst = new LinkedHashSet<>(owned);
        owned.clear();
        Closing.all(newestFirst);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            Closing.all(resource);
        } catch (RuntimeException e) {
            // The resource counts as closed even after a failure.
        }
    }

    @Override
    public String toString() {
        return "Scope[" + name + ", " + owned.size() + " owned]";
    }
}
