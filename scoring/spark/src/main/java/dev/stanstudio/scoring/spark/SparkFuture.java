package dev.stanstudio.scoring.spark;

import dev.stanstudio.scoring.compute.FeatureResult;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A batch that an executor computes; its failures are the program's. */
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
            return seen(job.get());
        } catch (ExecutionException e) {
            throw new ExecutionException(SparkExtractor.failed(e));
        }
    }

    @Override
    public List<FeatureResult> get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return seen(job.get(timeout, unit));
        } catch (ExecutionException e) {
            throw new ExecutionException(SparkExtractor.failed(e));
        }
    }

    private List<FeatureResult> seen(List<Shipped> batch) {
        executors.note(batch);
        return batch.stream().map(Shipped::seen).toList();
    }
}
