package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.util.Map;

/** Connects to other machines that extract features; a service of an optional module. */
public interface FeatureCluster {
    /**
     * Connects to a cluster.
     *
     * @param master its address
     * @param options more settings by name
     * @param plan the towers to open on its machines
     * @param towers the same, open in this process; the caller closes them
     * @throws dev.stanstudio.base.UserException if it cannot be reached
     */
    FeatureExtractor connect(
            String master, Map<String, String> options, TowersPlan plan, Towers towers);
}
