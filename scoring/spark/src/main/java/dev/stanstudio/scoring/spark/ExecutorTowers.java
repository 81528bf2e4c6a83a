package dev.stanstudio.scoring.spark;

import dev.stanstudio.engine.DeviceOptions;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;

/**
 * Holds the towers of this executor: opened by its first task, shared by all, closed with the
 * process.
 */
final class ExecutorTowers {
    private static @Nullable TowersPlan plan;
    private static @Nullable Towers towers;
    private static int opened;

    private ExecutorTowers() {}

    /** Lets tasks in this process use open towers, which the caller closes. */
    static synchronized void adopt(TowersPlan ofTowers, Towers open) {
        plan = ofTowers;
        towers = open;
        opened = 0;
    }

    /** Drops adopted towers. */
    static synchronized void forget() {
        plan = null;
        towers = null;
    }

    /** An executor belongs to one application, and an application has one plan. */
    static synchronized Towers of(TowersPlan wanted) {
        if (towers != null && wanted.equals(plan)) {
            return towers;
        }
        // A task may use as many cores as Spark counts for it.
        SparkConf conf = SparkEnv.get().conf();
        DeviceOptions.threads(conf.getInt("spark.task.cpus", 1));
        towers = wanted.open();
        plan = wanted;
        opened++;
        return towers;
    }

    /** Returns the number of times that towers were opened here. */
    static synchronized int timesOpened() {
        return opened;
    }
}
