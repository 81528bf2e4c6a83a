package dev.stanstudio.sd3.model;

import dev.stanstudio.base.Closing;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.FileTensor;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.GgufFile;
import dev.stanstudio.sd3.checkpoint.SafeTensor;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A model in one safetensors or GGUF file under the original key names ({@code
 * model.diffusion_model.…}, {@code first_stage_model.…}, {@code text_encoders.…}). The
 * configuration follows from the shapes; tokenizers and encoders that the file lacks come from a
 * companion folder.
 */
public final class SingleFile implements ModelSource {
    private final Path path;
    private final Map<String, FileTensor> tensors;
    private final @Nullable ModelFolder companion;
    private final TensorFiles files = new TensorFiles();
    private @Nullable String fingerprint;

    private SingleFile(
            Path path, Map<String, FileTensor> tensors, @Nullable ModelFolder companion) {
        this.path = path;
        this.tensors = tensors;
        this.companion = companion;
    }

    /**
     * Opens the file and reads its header.
     *
     * @throws UserException if it holds no Stable Diffusion 3 transformer, or unknown keys
     */
    static SingleFile open(Path path, @Nullable Path companion) {
        Map<String, FileTensor> tensors =
                GgufFile.isOne(path) ? GgufNames.tensors(path) : safetensors(path);
        if (!tensors.containsKey(OriginalKeys.MMDIT + "x_embedder.proj.weight")) {
            throw new UserException(
                    ("%s has no tensor %sx_embedder.proj.weight; it is not a Stable Diffusion"
                                    + " 3 checkpoint")
                            .formatted(path, OriginalKeys.MMDIT));
        }
        SingleFileNames.check(path, tensors.keySet());
        return new SingleFile(
                path, tensors, companion == null ? null : ModelFolder.open(companion, null));
    }

    private static Map<String, FileTensor> safetensors(Path path) {
        Map<String, FileTensor> tensors = new LinkedHashMap<>();
        TensorCollection.open(path)
                .tensors()
                .forEach((name, stored) -> tensors.put(name, new SafeTensor(stored)));
        return tensors;
    }

    @Override
    public String name() {
        String file = String.valueOf(path.getFileName());
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    @Override
    public Path path() {
        return path;
    }

    private Map<String, FileTensor> under(String prefix) {
        Map<String, FileTensor> found = new LinkedHashMap<>();
        tensors.forEach(
                (name, tensor) -> {
                    if (name.startsWith(prefix)) {
                        found.put(name.substring(prefix.length()), tensor);
                    }
                });
        return found;
    }

    /** An encoder's tensors, with {@code transformer.} before their names or without. */
    private Map<String, FileTensor> encoder(String prefix) {
        Map<String, FileTensor> found = new LinkedHashMap<>();
        under(prefix)
                .forEach((name, tensor) -> found.put(SingleFileNames.withoutWrapper(name), tensor));
        return found;
    }

    private ModelFolder companionFor(String what) {
        if (companion == null) {
            throw new UserException(
                    "%s has no %s; name a diffusers folder that has it with --companion"
                            .formatted(path, what));
        }
        return companion;
    }

    @Override
    public MmditConfig transformerConfig() {
        return Detection.transformer(under(OriginalKeys.MMDIT), companion);
    }

    @Override
    public Weights transformer() {
        Map<String, FileTensor> stored = under(OriginalKeys.MMDIT);
        int blocks = Detection.transformer(stored, companion).numLayers();
        return new StoredWeights(path.toString(), files, OriginalKeys.transformer(stored, blocks));
    }

    private Map<String, FileTensor> vaeTensors() {
        Map<String, FileTensor> stored = under(OriginalKeys.VAE);
        return stored.isEmpty() ? under(OriginalKeys.VAE_ALIAS) : stored;
    }

    @Override
    public VaeConfig vaeConfig() {
        return vaeTensors().isEmpty()
                ? companionFor("autoencoder").vaeConfig()
                : Detection.vae(OriginalKeys.vae(vaeTensors()), companion);
    }

    @Override
    public Weights vae() {
        Map<String, FileTensor> stored = vaeTensors();
        return stored.isEmpty()
                ? companionFor("autoencoder").vae()
                : new StoredWeights(path.toString(), files, OriginalKeys.vae(stored));
    }

    @Override
    public boolean hasTextEncoders() {
        return companion != null && companion.hasTextEncoders();
    }

    @Override
    public ClipPart clip(int which) {
        Map<String, FileTensor> stored =
                encoder(which == 1 ? SingleFileNames.CLIP_L : SingleFileNames.CLIP_G);
        String what = which == 1 ? "CLIP-L" : "CLIP-G";
        if (stored.isEmpty()) {
            return companionFor(what + " text encoder").clip(which);
        }
        ClipPart known = companionFor(what + " tokenizer").clip(which);
        ClipTextConfig config = Detection.clip(stored, which, companion);
        if (known.config().hiddenSize() == config.hiddenSize()) {
            requireSame(
                    what + " layers", config.numHiddenLayers(), known.config().numHiddenLayers());
        }
        StoredWeights weights = encoder(stored, name -> name.startsWith("text_"));
        return new ClipPart(config, ClipProjection.complete(weights, config), known.tokenizer());
    }

    @Override
    public Optional<T5Part> t5() {
        Map<String, FileTensor> stored = encoder(SingleFileNames.T5);
        if (stored.isEmpty()) {
            return companion == null ? Optional.empty() : companion.t5();
        }
        T5Part known =
                companionFor("T5 tokenizer")
                        .t5()
                        .orElseThrow(
                                () ->
                                        new UserException(
                                                "the companion folder has no T5 tokenizer"));
        T5Config config = Detection.t5(stored);
        if (known.config().dModel() == config.dModel()) {
            requireSame("T5 layers", config.numLayers(), known.config().numLayers());
            requireSame("T5 position buckets", config.buckets(), known.config().buckets());
        }
        return Optional.of(
                new T5Part(
                        config,
                        encoder(stored, name -> !SingleFileNames.isTemperature(name)),
                        known.tokenizer()));
    }

    /**
     * Shapes show no layer that is missing at the end, and a shallower encoder draws another
     * picture.
     */
    private void requireSame(String what, int own, int known) {
        if (own != known) {
            throw new UserException(
                    "%s has %d %s, the companion folder's config of the same width %d; get the file again, or name the companion that belongs to it"
                            .formatted(path, own, what, known));
        }
    }

    /** An encoder's tensors; files in circulation carry extras beside the network's own. */
    private StoredWeights encoder(Map<String, FileTensor> stored, Predicate<String> own) {
        Map<String, StoredWeights.Part> parts = new LinkedHashMap<>();
        stored.forEach(
                (name, tensor) -> {
                    if (own.test(name)) {
                        parts.put(name, StoredWeights.Part.whole(tensor));
                    }
                });
        return new StoredWeights(path.toString(), files, parts);
    }

    @Override
    public ScheduleConfig schedule() {
        return companion == null ? ScheduleConfig.SD3 : companion.schedule();
    }

    @Override
    public ModelDefaults defaults() {
        MmditConfig config = transformerConfig();
        ModelDefaults defaults =
                ModelDefaults.of(
                        Math.min(config.sampleSize() * vaeConfig().factor(), config.maxPixels()));
        return companion == null ? defaults : defaults.with(companion.defaults().sampler());
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) {
            fingerprint = Fingerprint.ofTensors(tensors.values());
        }
        return fingerprint;
    }

    @Override
    public void close() {
        Closing.all(files, companion);
    }
}
