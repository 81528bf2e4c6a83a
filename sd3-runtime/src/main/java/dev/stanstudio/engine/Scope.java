package dev.stanstudio.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
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

    /** A new, empty scope; {@code name} appears in errors. */
    public static Scope open(String name) {
        return new Scope(name);
    }

    /** Makes this scope the owner of {@code resource}, which nobody may own yet. */
    public <T extends AutoCloseable> T own(T resource) {
        if (closed) {
            closeQuietly(resource);
            throw new IllegalStateException("scope '" + name + "' is closed");
        }
        owned.push(resource);
        return resource;
    }

    /** Takes {@code resource} over from {@code previous}, so that it outlives that scope. */
    public <T extends AutoCloseable> T adopt(T resource, Scope previous) {
        if (!previous.remove(resource)) {
            throw new IllegalStateException(
                    "scope '" + previous.name + "' does not own what '" + name + "' wants");
        }
        return own(resource);
    }

    /** Closes one owned resource before the scope ends. */
    public void release(AutoCloseable resource) {
        if (remove(resource)) {
            closeQuietly(resource);
        }
    }

    /** Number of resources owned now. */
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
        RuntimeException first = null;
        Set<AutoCloseable> seen = new HashSet<>();
        while (!owned.isEmpty()) {
            AutoCloseable resource = owned.pop();
            if (seen.add(resource)) {
                RuntimeException failure = closeQuietly(resource);
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static @org.jspecify.annotations.Nullable RuntimeException closeQuietly(
            AutoCloseable resource) {
        try {
            resource.close();
            return null;
        } catch (RuntimeException e) {
            return e;
        } catch (Exception e) {
            return new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "Scope[" + name + ", " + owned.size() + " owned]";
    }
}
