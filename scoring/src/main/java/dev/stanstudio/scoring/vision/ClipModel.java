package dev.stanstudio.scoring.vision;

import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.text.ClipTextEncoder;
import dev.stanstudio.sd3.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * CLIP (Radford et al. 2021; transformers modeling_clip.py, CLIPModel): pictures and texts as
 * vectors [d] whose cosine says how well they fit. Opened from the folder that transformers saves:
 * config.json, model.safetensors, preprocessor_config.json and the tokenizer's files. Thread-safe.
 */
public final class ClipModel implements AutoCloseable {
    private final ClipConfig config;
    private final Placement placement;
    private final ClipWeights weights;
    private final double logitScale;
    private final VisionTower vision;
    private final ClipTextEncoder text;
    private final Tokenizer tokenizer;
    private final ImagePreprocessing preprocessing;

    private ClipModel(Path folder, ClipConfig config, Placement placement, ClipWeights weights) {
        String name = TowerId.nameOf(folder);
        this.config = config;
        this.placement = placement;
        this.weights = weights;
        logitScale = weights.logitScale();
        vision =
                VisionTower.load(
                        name,
                        weights.fingerprint(),
                        config.vision(),
                        weights.vision(),
                        placement,
                        PositionRule.TARGET_SIZE);
        text = ClipTextEncoder.load(name, config.text(), weights.text(), placement, false);
        preprocessing = ImagePreprocessing.read(folder);
        tokenizer = Tokenizer.load(folder);
    }

    /**
     * Opens the folder; weights are read when they are first used.
     *
     * @throws UserException that names the file and what does not fit
     */
    public static ClipModel open(Path folder, Placement placement) {
        ClipConfig config = ClipConfig.read(ConfigReader.of(folder.resolve("config.json")));
        ClipWeights weights = new ClipWeights(TensorCollection.open(folder, "model", null));
        try {
            return new ClipModel(folder, config, placement, weights);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /** The shape of both towers. */
    public ClipConfig config() {
        return config;
    }

    /** The image tower. */
    public VisionTower vision() {
        return vision;
    }

    /** Returns the identity of the network; its fingerprint covers both towers. */
    public TowerId id() {
        return vision.id();
    }

    /** The steps that the folder asks for before the image tower. */
    public ImagePreprocessing preprocessing() {
        return preprocessing;
    }

    /** The image tower behind the folder's own preprocessing; valid until this model is closed. */
    public ImageEmbedder images() {
        return new ImageEmbedder(vision, preprocessing);
    }

    /**
     * The factor between cosines and logits: e to the power of the stored number, 100 in OpenAI's
     * models.
     */
    public double logitScale() {
        return logitScale;
    }

    /**
     * Rows of ids [B, T] as the text tower takes them: each text cut or padded to the longest
     * sequence T that the text encoder supports, its end token kept.
     *
     * @throws UserException if the tokenizer has more tokens than the network
     */
    public long[][] ids(List<String> texts) {
        return texts.stream().map(this::ids).toArray(long[][]::new);
    }

    /**
     * Returns true if the text tower reads all of {@code text}; a longer one is cut before its end
     * token.
     */
    public boolean fits(String text) {
        return tokenizer.encodeUnpadded(text).length <= config.text().maxPositions();
    }

    private long[] ids(String words) {
        int[] ids = tokenizer.encode(words, config.text().maxPositions()).ids();
        int largest = Arrays.stream(ids).max().orElse(0);
        if (largest >= config.text().vocabSize()) {
            throw new UserException(
                    ("%s: the tokenizer gives id %s, but the text tower has only %s tokens;"
                                    + " take tokenizer and weights from one model")
                            .formatted(id().name(), largest, config.text().vocabSize()));
        }
        return Arrays.stream(ids).asLongStream().toArray();
    }

    /**
     * The features of rows of ids, all of one length, not normalised: the end token after the last
     * norm, projected. Padding behind the end token is not masked: the tower is causal, so the end
     * token never sees it.
     *
     * @param owner owns the result
     * @return [B, d] in fp32 on the network's device
     */
    public Tensor textFeatures(Scope owner, long[][] ids) {
        try (Scope pass = Scope.open("clip text")) {
            Tensor pooled = text.encode(pass, ids, 0, () -> {}).pooled();
            return Tensors.to(owner, pooled, placement.device(), DType.FP32);
        }
    }

    /**
     * The features of {@code texts}, B rows [d], not normalised ({@link Features#unit}). They go
     * through the network at once, so memory grows with their number.
     *
     * @throws UserException if the network gives numbers that are not finite
     */
    public float[][] embed(List<String> texts) {
        if (texts.isEmpty()) {
            return new float[0][];
        }
        try (Scope batch = Scope.open("texts")) {
            return Features.rows(textFeatures(batch, ids(texts)), id());
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        text.close();
        vision.close();
        weights.close();
    }
}
