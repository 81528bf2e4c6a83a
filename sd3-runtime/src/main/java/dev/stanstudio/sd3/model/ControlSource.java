package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.FileTensor;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.SafeTensor;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.ControlNetConfig;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a control network: diffusers' folder (config.json beside
 * diffusion_pytorch_model.safetensors), a file of such a folder, or a single file in diffusers' or
 * Stability's layout, whose configuration follows from the shapes.
 */
public final class ControlSource implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "diffusion_pytorch_model";
    private static final String OUTPUT = "controlnet_blocks.0.weight";
    private static final String PICTURE = "pos_embed_input.proj.weight";

    /** Stability's mark for the pictures that a network was trained with; 1 is Canny's edges. */
    private static final String TYPE = "control_type";

    private static final int EDGES = 1;

    private final Path path;
    private final TensorCollection tensors;
    private final TensorFiles files = new TensorFiles();
    private final StoredWeights weights;
    private final boolean edges;

    private ControlSource(Path path, TensorCollection tensors) {
        this.path = path;
        this.tensors = tensors;
        Map<String, StoredTensor> stored = new LinkedHashMap<>(tensors.tensors());
        StoredTensor type = stored.remove(TYPE);
        Map<String, FileTensor> weighted = new LinkedHashMap<>();
        stored.forEach((name, tensor) -> weighted.put(name, new SafeTensor(tensor)));
        weights = new StoredWeights(path.toString(), files, OriginalKeys.control(weighted));
        if (!weights.names().contains(OUTPUT) || !weights.names().contains(PICTURE)) {
            ControlKind.checkTensors(path, stored.keySet());
            throw new UserException(
                    "%s has no tensor %s; it is no ControlNet for Stable Diffusion 3"
                            .formatted(path, weights.names().contains(OUTPUT) ? PICTURE : OUTPUT));
        }
        edges = type != null && isEdges(type);
    }

    /**
     * Opens a folder or file and reads its configuration and header.
     *
     * @throws UserException if it holds no control network for Stable Diffusion 3
     */
    public static ControlSource open(Path path) {
        if (!Files.exists(path)) {
            throw new UserException("there is no ControlNet at " + path);
        }
        if (Files.isDirectory(path)) {
            Path json = path.resolve(CONFIG);
            if (!Files.exists(json)) {
                boolean model = Files.exists(path.resolve("model_index.json"));
                throw new UserException(
                        model
                                ? path + " is a whole model, no ControlNet"
                                : path + " has no " + CONFIG + "; give a ControlNet's folder");
            }
            ControlKind.checkClass(path, ConfigReader.of(json).text("_class_name", ""));
            return new ControlSource(path, TensorCollection.open(path, WEIGHTS, null));
        }
        return new ControlSource(path, TensorCollection.open(path));
    }

    private Path folder() {
        return Files.isDirectory(path) ? path : path.toAbsolutePath().resolveSibling("");
    }

    /**
     * Returns the shape of the network. Shapes of tensors alone do not tell the width of a head;
     * then it is that of {@code transformer}. A config beside a single file counts where it is a
     * control network's.
     *
     * @throws UserException if the config, or the shapes without one, are of no such network
     */
    public ControlNetConfig config(MmditConfig transformer) {
        return stated().orElseGet(
                        () -> Detection.control(path, weights, transformer.attentionHeadDim()));
    }

    /** Returns the shape that a configuration states; empty where there is none. */
    private Optional<ControlNetConfig> stated() {
        Path json = folder().resolve(CONFIG);
        if (!Files.exists(json)) {
            return Optional.empty();
        }
        ConfigReader reader = ConfigReader.of(json);
        boolean own = reader.text("_class_name", "").startsWith("SD3ControlNet");
        if (!own && !Files.isDirectory(path)) {
            return Optional.empty();
        }
        long[] shape = weights.shape(PICTURE);
        long channels = shape.length > 1 ? shape[1] : 0;
        int extra = (int) Math.max(0, channels - reader.integer("in_channels", 16, 1));
        return Optional.of(ControlNetConfig.read(reader, extra));
    }

    /**
     * Returns the shape of the network where it fits a model.
     *
     * @param model name of the model
     * @throws UserException that names what does not fit
     */
    public ControlNetConfig fitting(String model, MmditConfig transformer) {
        ControlNetConfig config = config(transformer);
        ControlFit.check(this, config, model, transformer);
        return config;
    }

    /**
     * Refuses pictures that are larger than the network knows.
     *
     * @param factor pixels of a latent's side
     * @throws UserException that names both sizes
     */
    public void checkSize(ControlNetConfig config, int factor, int width, int height) {
        ControlFit.checkSize(path, config, factor, width, height);
    }

    private boolean isEdges(StoredTensor type) {
        try (Scope scope = Scope.open(TYPE)) {
            float[] values = files.open(scope, type).toFloats();
            return values.length == 1 && Math.round(values[0]) == EDGES;
        }
    }

    /** The folder or file. */
    public Path path() {
        return path;
    }

    /** Its tensors under diffusers' names. */
    public Weights weights() {
        return weights;
    }

    /**
     * Returns true if the file says that it was trained with edges in Stability's range of values
     * (sd3_infer.py, vae_encode).
     */
    public boolean isForEdges() {
        return edges;
    }

    /** The identity of the weights and of the configuration beside them ({@link Fingerprint}). */
    public String fingerprint() {
        String weighted = Fingerprint.of(List.of(tensors));
        return stated().map(config -> Fingerprint.ofSettings(weighted, config)).orElse(weighted);
    }

    @Override
    public void close() {
        files.close();
    }
}
