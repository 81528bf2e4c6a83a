package dev.stanstudio.scoring.score;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.scoring.compute.FeatureCluster;
import dev.stanstudio.scoring.compute.FeatureExtractor;
import dev.stanstudio.scoring.compute.LocalExtractor;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say on which machines features are computed. */
public final class ClusterOptions {
    @Option(
            names = "--spark-master",
            paramLabel = "URL",
            description = {
                "Compute features by Apache Spark: local[N], or the address of a cluster such as",
                "spark://HOST:7077. Its machines see the same files: pictures, models, this"
                        + " program."
            })
    @Nullable String master;

    @Option(
            names = "--spark-conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark, such as spark.executor.memory=4g; may be repeated.")
    Map<String, String> settings = new LinkedHashMap<>();

    /** Refuses what a cluster cannot read. */
    public void check(List<PictureList> lists) {
        if (master == null && !settings.isEmpty()) {
            throw new ArgumentException("--spark-conf needs --spark-master");
        }
        for (PictureList list : lists) {
            if (master != null && !list.isLasting()) {
                throw new ArgumentException(
                        list.name()
                                + " is a tar, whose pictures have no path that other machines could"
                                + " read; unpack it for --spark-master");
            }
        }
    }

    /** Returns the extractor of features; close it after the last use. */
    public FeatureExtractor extractor(TowersPlan plan, Towers towers) {
        return master == null
                ? new LocalExtractor(towers.images())
                : cluster().connect(master, settings, plan, towers);
    }

    private static FeatureCluster cluster() {
        return ServiceLoader.load(FeatureCluster.class)
                .findFirst()
                .orElseThrow(
                        () ->
                                new UserException(
                                        "Spark is not on the class path; start the program by"
                                            + " ./studio, which adds it, or build it by 'mvn -pl"
                                            + " scoring/spark -am package' and add"
                                            + " scoring/spark/target/scoring-spark.jar and"
                                            + " scoring/spark/target/lib/*"));
    }
}
