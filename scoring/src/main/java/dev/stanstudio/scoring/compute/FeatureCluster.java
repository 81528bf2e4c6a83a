package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.vision.Towers;
import dev.stanstudio.scoring.vision.TowersPlan;
import java.util.Map;

/** Makes features on other machines: a service, brought by a part that is not always there. */
public interface FeatureCluster {
    /**
     * Connects to a cluster.
     *
     * @param master its address
     * @param options more settings by name
     * @param plan the towers to open on its machines
     * @param towers the same, open in this process; they stay their owner's
     * @throws dev.stanstudio.base.UserException if it cannot be reached
     */
    FeatureExtractor connect(
            String master, Map<String, String> options, TowersPlan plan, Towers towers);
}
