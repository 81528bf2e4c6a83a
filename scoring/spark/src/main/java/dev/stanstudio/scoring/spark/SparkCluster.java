package dev.stanstudio.scoring.spark;

import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.FeatureCluster;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Connects to Spark: in this process, or to a cluster. */
public final class SparkCluster implements FeatureCluster {
    private static final String JAVA_OPTIONS = "spark.executor.extraJavaOptions";

    /** Told to executors, since a cluster's machines inherit nothing from this process. */
    private static final String QUIET = "-Djava.awt.headless=true -Dai.djl.offline=true";

    @Override
    public FeatureExtractor connect(
            String master, Map<String, String> options, TowersPlan plan, Towers towers) {
        requireOpenModules();
        boolean local = master.startsWith("local");
        EmbeddingTask task = EmbeddingTask.of(plan, towers);
        if (local) {
            ExecutorTowers.adopt(plan, towers);
        }
        try {
            JavaSparkContext spark = new JavaSparkContext(conf(master, options, local));
            return new SparkExtractor(spark, task);
        } catch (Exception e) {
            // Scala throws what it does not declare: a SparkException is a checked one.
            ExecutorTowers.forget();
            throw new UserException(
                    "Spark at " + master + " cannot be used: " + Causes.inOneLine(e), e);
        }
    }

    private static SparkConf conf(String master, Map<String, String> options, boolean local) {
        SparkConf conf =
                new SparkConf()
                        .setMaster(master)
                        .setAppName("studio score")
                        .set("spark.ui.enabled", "false")
                        // A job for every batch: the driver need not remember them.
                        .set("spark.ui.retainedJobs", "20")
                        .set("spark.ui.retainedStages", "20")
                        .set("spark.ui.retainedTasks", "100")
                        .setExecutorEnv("OPT_OUT_TRACKING", "true");
        if (!local) {
            // Executors see this program at the same place and run it as it is here, with its
            // Spark.
            conf.set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
        }
        options.forEach(conf::set);
        conf.set(JAVA_OPTIONS, (conf.get(JAVA_OPTIONS, "") + " " + QUIET).strip());
        return conf;
    }

    /** Spark reaches into the JDK; without leave it fails late and at length. */
    private static void requireOpenModules() {
        Module base = Object.class.getModule();
        if (!base.isExported("sun.nio.ch", SparkCluster.class.getModule())) {
            throw new UserException(
                    "Spark needs parts of Java that are closed; start the program by ./studio, or"
                        + " add --add-opens=java.base/sun.nio.ch=ALL-UNNAMED and the others that"
                        + " ./studio gives for Spark");
        }
    }
}
