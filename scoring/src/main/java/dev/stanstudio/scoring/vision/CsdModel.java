package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Program;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * CSD (Somepalli et al. 2024, Measuring Style Similarity in Diffusion Models): CLIP's image tower
 * whose projection is replaced by one for style. Opened from a folder with {@code
 * model.safetensors}, the published {@code model_state_dict} converted; config.json
 * (num_attention_heads) and preprocessor_config.json count where they are there. Its raw cosine
 * says nothing alone: compare it with other styles' on the same pictures. Thread-safe.
 */
public final class CsdModel implements AutoCloseable {
    private static final String CONFIG = "config.json";

    private final TensorFiles files;
    private final VisionTower tower;
    private final ImagePreprocessing preprocessing;

    private CsdModel(TensorFiles files, VisionTower tower, ImagePreprocessing preprocessing) {
        this.files = files;
        this.tower = tower;
        this.preprocessing = preprocessing;
    }

    /**
     * Opens the folder.
     *
     * @throws dev.stanstudio.base.UserException that names what does not fit
     */
    public static CsdModel open(Path folder, Placement placement) {
        TensorCollection tensors = TensorCollection.open(folder, "model", null);
        CsdKeys keys = new CsdKeys(tensors);
        Path json = folder.resolve(CONFIG);
        int heads =
                Files.exists(json) ? ConfigReader.of(json).integer("num_attention_heads", 0, 1) : 0;
        VisionConfig config = keys.config(heads);
        TensorFiles files = new TensorFiles();
        try {
            Weights stored = new StoredWeights(tensors.source().toString(), files, keys.parts());
            VisionTower tower =
                    VisionTower.load(
                            TowerId.nameOf(folder),
                            Fingerprint.of(List.of(tensors)),
                            config,
                            new Turned(stored),
                            placement,
                            PositionRule.TARGET_SIZE);
            return new CsdModel(files, tower, preprocessing(folder, config.imageSize()));
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** CLIP's steps at the tower's size, unless the folder says otherwise (CSD loss_utils.py). */
    private static ImagePreprocessing preprocessing(Path folder, int side) {
        if (ImagePreprocessing.isThere(folder)) {
            return ImagePreprocessing.read(folder);
        }
        return new ImagePreprocessing(
                new Resize.ShortestEdge(side, Resampler.of(ResampleFilter.BICUBIC)),
                new CentreCrop(side, side, CropRounding.DOWN),
                ImagePreprocessing.PER_BYTE,
                ImagePreprocessing.CLIP_MEAN,
                ImagePreprocessing.CLIP_STD);
    }

    /** The network. */
    public VisionTower tower() {
        return tower;
    }

    /** The steps before it. */
    public ImagePreprocessing preprocessing() {
        return preprocessing;
    }

    /** The network behind its preprocessing; valid until this model is closed. */
    public ImageEmbedder embedder() {
        return new ImageEmbedder(tower, preprocessing);
    }

    @Override
    public void close() {
        tower.close();
        files.close();
    }

    /** The stored tensors, the style head turned round. */
    private record Turned(Weights stored) implements Weights {
        private static final Program PROGRAM = Program.load(CsdModel.class, "csd.ts.py");

        private static boolean isHead(String name) {
            return name.equals(CsdKeys.projection());
        }

        @Override
        public Set<String> names() {
            return stored.names();
        }

        @Override
        public long[] shape(String name) {
            long[] shape = stored.shape(name);
            return isHead(name) && shape.length == 2 ? new long[] {shape[1], shape[0]} : shape;
        }

        @Override
        public DType dtype(String name) {
            return stored.dtype(name);
        }

        @Override
        public Tensor open(Scope scope, String name) {
            if (!isHead(name)) {
                return stored.open(scope, name);
            }
            try (Scope local = Scope.open(name)) {
                return PROGRAM.call(scope, "turned", stored.open(local, name));
            }
        }

        @Override
        public String origin() {
            return stored.origin();
        }
    }
}
