package dev.stanstudio.scoring.vision;

import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * A ViT, DINO or DINOv2 in the folder that transformers saves: config.json, model.safetensors,
 * preprocessor_config.json. Thread-safe.
 */
public final class VisionModel implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model";

    private final TensorFiles files;
    private final VisionTower tower;
    private final ImagePreprocessing preprocessing;

    private VisionModel(TensorFiles files, VisionTower tower, ImagePreprocessing preprocessing) {
        this.files = files;
        this.tower = tower;
        this.preprocessing = preprocessing;
    }

    /**
     * Opens the folder; weights are read when they are first used.
     *
     * @throws dev.stanstudio.base.UserException that names the file and what does not fit
     */
    public static VisionModel open(Path folder, Placement placement, PositionRule rule) {
        ConfigReader json = ConfigReader.of(folder.resolve(CONFIG));
        VisionFamily family = VisionFamily.of(json);
        VisionConfig config = VisionConfig.read(family, json, 0);
        ImagePreprocessing preprocessing = ImagePreprocessing.read(folder);
        TensorCollection tensors = TensorCollection.open(folder, WEIGHTS, null);
        // Files of a whole classifier keep the network under its name.
        String prefix = family.modelType() + ".";
        TensorFiles files = new TensorFiles();
        try {
            VisionTower tower =
                    VisionTower.load(
                            TowerId.nameOf(folder),
                            Fingerprint.of(List.of(tensors)),
                            config,
                            StoredWeights.of(tensors, files, name -> without(prefix, name)),
                            placement,
                            rule);
            return new VisionModel(files, tower, preprocessing);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static String without(String prefix, String name) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /** The network. */
    public VisionTower tower() {
        return tower;
    }

    /** The steps that the folder asks for before the network. */
    public ImagePreprocessing preprocessing() {
        return preprocessing;
    }

    /** The network behind the folder's own preprocessing; valid until this model is closed. */
    public ImageEmbedder embedder() {
        return new ImageEmbedder(tower, preprocessing);
    }

    @Override
    public void close() {
        tower.close();
        files.close();
    }
}
