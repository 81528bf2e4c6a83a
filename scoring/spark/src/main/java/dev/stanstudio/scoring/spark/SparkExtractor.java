package dev.stanstudio.scoring.spark;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.FeatureRequest;
import dev.stanstudio.scoring.compute.FeatureResult;
import dev.stanstudio.scoring.vision.TowerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.spark.api.java.JavaSparkContext;

/** Extracts features on Spark's executors: one job for every batch, many at a time. */
final class SparkExtractor implements FeatureExtractor {
    /** Files hashed by a job; a stat and a line of a list each, so memory stays small. */
    private static final int FILES = 4096;

    /** Jobs for every core, so that none is idle while the results of others are stored. */
    private static final int AHEAD = 3;

    private final JavaSparkContext spark;
    private final EmbeddingTask task;
    private final Executors executors = new Executors();

    SparkExtractor(JavaSparkContext spark, EmbeddingTask task) {
        this.spark = spark;
        this.task = task;
    }

    @Override
    public int filesAtOnce() {
        return FILES;
    }

    @Override
    public int batchesAhead() {
        return AHEAD * Math.max(2, spark.defaultParallelism());
    }

    @Override
    public List<String> hashes(List<Path> files) {
        List<String> names = files.stream().map(file -> file.toAbsolutePath().toString()).toList();
        int parts = Math.min(names.size(), AHEAD * Math.max(2, spark.defaultParallelism()));
        try {
            return spark.parallelize(names, parts)
                    .map(name -> Sha256.ofFile(Path.of(name)))
                    .collect();
        } catch (Exception e) {
            // Scala throws what it does not declare: a SparkException is a checked one.
            throw failed(e);
        }
    }

    @Override
    public FeatureRequest request(Path file, boolean lasting, Set<TowerKind> towers) {
        return FeatureRequest.byPath(file, towers);
    }

    @Override
    public Future<List<FeatureResult>> extract(List<FeatureRequest> batch) {
        try {
            return new SparkFuture(
                    spark.parallelize(batch, 1).mapPartitions(task).collectAsync(), executors);
        } catch (Exception e) {
            throw failed(e);
        }
    }

    /** Returns the number of times that each executor opened towers, for those that computed. */
    Map<String, Integer> towersOpened() {
        return new TreeMap<>(executors.opened());
    }

    static UserException failed(Throwable e) {
        return Causes.own(e)
                .orElseGet(
                        () ->
                                new UserException(
                                        "Spark could not compute features: " + Causes.inOneLine(e),
                                        e));
    }

    @Override
    public void close() {
        try {
            spark.close();
        } finally {
            ExecutorTowers.forget();
        }
    }
}
