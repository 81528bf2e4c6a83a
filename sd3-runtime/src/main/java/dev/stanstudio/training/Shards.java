package dev.stanstudio.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.engine.Autograd;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.TensorList;
import dev.stanstudio.engine.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a batch that is cut into equal shards, one thread each. On few cores this beats
 * threads inside each operation, which wait for each other thousands of times a step. The sum runs
 * in the shards' order, so equal inputs give equal bits. Belongs to one training.
 */
public final class Shards implements AutoCloseable {
    /** The loss of one shard. */
    @FunctionalInterface
    public interface ShardLoss {
        /**
         * The mean loss over the pictures of shard {@code shard}; what it computes is recorded.
         *
         * @param scope owns the tensors of this shard, for this step
         */
        Tensor loss(Scope scope, int shard);
    }

    /** The gradients of one shard. */
    @FunctionalInterface
    public interface ShardGradients {
        /**
         * The gradients of the mean loss over the pictures of shard {@code shard}, in the
         * parameters' order.
         *
         * @param scope owns them and the tensors of this shard, for this step
         */
        List<Tensor> gradients(Scope scope, int shard);
    }

    private record Part(Scope scope, List<Tensor> gradients) {}

    private final int count;
    private final @Nullable ExecutorService threads;

    /** Cuts batches into {@code count} ≥ 1 shards. */
    public Shards(int count) {
        if (count < 1) {
            throw new ArgumentException("there must be at least 1 shard, not " + count);
        }
        this.count = count;
        this.threads = count == 1 ? null : Executors.newFixedThreadPool(count, Shards::daemon);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "training-shard");
        thread.setDaemon(true);
        return thread;
    }

    /** Number of shards. */
    public int count() {
        return count;
    }

    /** First row of shard {@code shard} of a batch of {@code rows}; of {@code count}, the end. */
    public long start(int shard, long rows) {
        return rows * shard / count;
    }

    /**
     * The gradients of the mean of all shards' losses, in the parameters' order; {@code owner} owns
     * them.
     */
    public List<Tensor> gradients(Scope owner, ParameterSet parameters, ShardLoss loss) {
        return gradients(
                owner,
                (scope, shard) ->
                        Tensors.gradients(scope, loss.loss(scope, shard), parameters.list()));
    }

    /** The mean of all shards' gradients, in their order; {@code owner} owns them. */
    public List<Tensor> gradients(Scope owner, ShardGradients own) {
        List<Part> parts = parts(own);
        try {
            if (parts.size() == 1) {
                Part only = parts.get(0);
                return only.gradients().stream().map(g -> owner.adopt(g, only.scope())).toList();
            }
            return mean(owner, parts);
        } finally {
            parts.forEach(part -> part.scope().close());
        }
    }

    private List<Part> parts(ShardGradients own) {
        if (threads == null) {
            return List.of(part(own, 0));
        }
        List<Future<Part>> running = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int shard = i;
            running.add(threads.submit(() -> part(own, shard)));
        }
        List<Part> done = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<Part> future : running) {
            try {
                done.add(join(future));
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            done.forEach(part -> part.scope().close());
            throw failure;
        }
        return done;
    }

    /**
     * Waits although the thread is interrupted: a step is made as a whole, and callers check the
     * flag.
     */
    private static Part join(Future<Part> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    throw new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Part part(ShardGradients own, int shard) {
        Scope scope = Scope.open("shard " + shard);
        try (Autograd recording = Autograd.record()) {
            return new Part(scope, own.gradients(scope, shard));
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private List<Tensor> mean(Scope owner, List<Part> parts) {
        try (Scope local = Scope.open("mean of shards");
                Autograd paused = Autograd.pause()) {
            TensorList sum = Tensors.list(local, parts.get(0).gradients());
            for (int i = 1; i < parts.size(); i++) {
                TensorList next = Tensors.list(local, parts.get(i).gradients());
                double scale = i == parts.size() - 1 ? 1.0 / count : 1.0;
                sum = AdamW.program().callList(local, "sum_lists", sum, next, scale);
            }
            List<Tensor> gradients = new ArrayList<>();
            for (int i = 0; i < sum.size(); i++) {
                gradients.add(Tensors.get(owner, sum, i));
            }
            return gradients;
        }
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.shutdown();
        }
    }
}
