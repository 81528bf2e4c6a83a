package dev.stanstudio.scoring.spark;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.FeatureBatch;
import dev.stanstudio.scoring.compute.FeatureRequest;
import dev.stanstudio.scoring.compute.FeatureResult;
import dev.stanstudio.scoring.vision.TowerKind;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.FlatMapFunction;

/**
 * Computes a batch on an executor.
 *
 * @param plan the towers to open there
 * @param fingerprints of the weights that the program has, by tower
 */
record EmbeddingTask(TowersPlan plan, Map<TowerKind, String> fingerprints)
        implements FlatMapFunction<Iterator<FeatureRequest>, Shipped> {
    static EmbeddingTask of(TowersPlan plan, Towers towers) {
        return new EmbeddingTask(plan, fingerprints(towers));
    }

    private static Map<TowerKind, String> fingerprints(Towers towers) {
        Map<TowerKind, String> all = new EnumMap<>(TowerKind.class);
        towers.images().forEach((kind, tower) -> all.put(kind, tower.id().tower().fingerprint()));
        return all;
    }

    @Override
    public Iterator<Shipped> call(Iterator<FeatureRequest> batch) {
        Towers towers = ExecutorTowers.of(plan);
        if (!fingerprints(towers).equals(fingerprints)) {
            throw new UserException(
                    "an executor has other weights than this machine in "
                            + plan.folders().values());
        }
        List<FeatureRequest> requests = new ArrayList<>();
        batch.forEachRemaining(requests::add);
        List<FeatureResult> results = FeatureBatch.compute(towers.images(), requests);
        String executor = SparkEnv.get().executorId();
        int opened = ExecutorTowers.timesOpened();
        return results.stream().map(one -> new Shipped(one, executor, opened)).iterator();
    }
}
