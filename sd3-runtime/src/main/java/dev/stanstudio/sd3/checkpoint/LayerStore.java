package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.engine.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one network, loaded when they are first used. Kept layers stay until {@link
 * #evict()}; streamed layers are made for each use, the next one ahead on another thread, and
 * closed after it. Thread-safe: kept layers are shared by all callers.
 *
 * @param <L> what a layer needs to run
 */
public final class LayerStore<L> implements AutoCloseable {
    /** Makes layer {@code index}; {@code scope} owns its tensors. */
    @FunctionalInterface
    public interface Maker<L> {
        /** Reads, casts and arranges the weights of one layer. */
        L make(Scope scope, int index);
    }

    private record Held<L>(L layer, Scope scope) {}

    private final Maker<L> maker;
    private final boolean streamed;
    private final List<@Nullable Held<L>> kept = new ArrayList<>();
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private final @Nullable ExecutorService ahead;

    /** A store of {@code count} layers; nothing is read yet. */
    public LayerStore(int count, boolean streamed, Maker<L> maker) {
        this.maker = maker;
        this.streamed = streamed;
        for (int i = 0; i < count; i++) {
            kept.add(null);
        }
        ahead = streamed ? Executors.newSingleThreadExecutor(LayerStore::daemon) : null;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "layer-stream");
        thread.setDaemon(true);
        return thread;
    }

    /** Number of layers. */
    public int size() {
        return kept.size();
    }

    /** Begins a forward pass over the layers; close it when the pass ends or fails. */
    public Pass pass() {
        return new Pass();
    }

    /** Closes kept layers as soon as no pass runs; the next use makes them again. */
    public void evict() {
        use.writeLock().lock();
        try {
            for (int i = 0; i < kept.size(); i++) {
                Held<L> held = kept.get(i);
                if (held != null) {
                    kept.set(i, null);
                    held.scope().close();
                }
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        evict();
        if (ahead != null) {
            ahead.shutdown();
        }
    }

    private Held<L> make(int index) {
        Scope scope = Scope.open("layer " + index);
        try {
            return new Held<>(maker.make(scope, index), scope);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private L keep(int index) {
        synchronized (kept) {
            Held<L> held = kept.get(index);
            if (held == null) {
                held = make(index);
                kept.set(index, held);
            }
            return held.layer();
        }
    }

    /** One forward pass; belongs to one thread. */
    public final class Pass implements AutoCloseable {
        private @Nullable CompletableFuture<Held<L>> next;
        private int nextIndex = -1;

        private Pass() {
            use.readLock().lock();
        }

        /**
         * Runs {@code body} with layer {@code index}.
         *
         * @param following the layer that will be used next, or −1
         */
        public <R> R with(int index, int following, Function<L, R> body) {
            if (!streamed) {
                return body.apply(keep(index));
            }
            Held<L> held = take(index);
            try (Scope owner = held.scope()) {
                if (following >= 0) {
                    next = CompletableFuture.supplyAsync(() -> make(following), streams());
                    nextIndex = following;
                }
                return body.apply(held.layer());
            }
        }

        private ExecutorService streams() {
            if (ahead == null) {
                throw new IllegalStateException("kept layers are not streamed");
            }
            return ahead;
        }

        private Held<L> take(int index) {
            CompletableFuture<Held<L>> prepared = next;
            next = null;
            if (prepared != null && nextIndex == index) {
                return join(prepared);
            }
            discard(prepared);
            return make(index);
        }

        private Held<L> join(CompletableFuture<Held<L>> future) {
            try {
                return future.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }

        private void discard(@Nullable CompletableFuture<Held<L>> future) {
            if (future != null) {
                future.handle(
                                (held, failure) -> {
                                    if (held != null) {
                                        held.scope().close();
                                    }
                                    return true;
                                })
                        .join();
            }
        }

        @Override
        public void close() {
            discard(next);
            next = null;
            use.readLock().unlock();
        }
    }
}
