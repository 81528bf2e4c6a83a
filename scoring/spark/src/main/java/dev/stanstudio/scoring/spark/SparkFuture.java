package dev.stanstudio.scoring.spark;

import dev.stanstudio.scoring.compute.FeatureResult;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Awaits a batch that an executor computes; throws the program's own failures. */
record SparkFuture(Future<List<Shipped>> job, Executors executors)
        implements Future<List<FeatureResult>> {
    @Override
    public boolean cancel(boolean running) {
        return job.cancel(running);
    }

    @Override
    public boolean isCancelled() {
        return job.isCancelled();
    }

    @Override
    public boolean isDone() {
        return job.isDone();
    }

    @Override
    public List<FeatureResult> get() throws InterruptedException, ExecutionException {
        try {
            return results(job.get());
        } catch (ExecutionException e) {
            throw new ExecutionException(SparkExtractor.failed(e));
        }
    }

    @Override
    public List<FeatureResult> get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return results(job.get(timeout, unit));
        } catch (ExecutionException e) {
            throw new ExecutionException(SparkExtractor.failed(e));
        }
    }

    private List<FeatureResult> results(List<Shipped> batch) {
        executors.note(batch);
        return batch.stream().map(Shipped::result).toList();
    }
}
