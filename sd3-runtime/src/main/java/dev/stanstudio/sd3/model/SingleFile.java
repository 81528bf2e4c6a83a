package dev.stanstudio.sd3.model;

import dev.stanstudio.base.Closing;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.MappedWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A model in one safetensors file under the original key names ({@code model.diffusion_model.…},
 * {@code first_stage_model.…}, {@code text_encoders.…}). The configuration follows from the shapes;
 * tokenizers and encoders that the file lacks come from a companion folder.
 */
public final class SingleFile implements ModelSource {
    private final Path path;
    private final TensorCollection tensors;
    private final @Nullable ModelFolder companion;
    private final TensorFiles files = new TensorFiles();

    private SingleFile(Path path, TensorCollection tensors, @Nullable ModelFolder companion) {
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
        TensorCollection tensors = TensorCollection.open(path);
        if (!tensors.tensors().containsKey(OriginalKeys.MMDIT + "x_embedder.proj.weight")) {
            throw new UserException(
                    ("%s has no tensor %sx_embedder.proj.weight; it is not a Stable Diffusion"
                                    + " 3 checkpoint")
                            .formatted(path, OriginalKeys.MMDIT));
        }
        SingleFileNames.check(path, tensors.tensors().keySet());
        return new SingleFile(
                path, tensors, companion == null ? null : ModelFolder.open(companion, null));
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

    private Map<String, StoredTensor> under(String prefix) {
        Map<String, StoredTensor> found = new LinkedHashMap<>();
        tensors.tensors()
                .forEach(
                        (name, tensor) -> {
                            if (name.startsWith(prefix)) {
                                found.put(name.substring(prefix.length()), tensor);
                            }
                        });
        return found;
    }

    /** An encoder's tensors, with {@code transformer.} before their names or without. */
    private Map<String, StoredTensor> encoder(String prefix) {
        Map<String, StoredTensor> found = new LinkedHashMap<>();
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
        Map<String, StoredTensor> stored = under(OriginalKeys.MMDIT);
        int blocks = Detection.transformer(stored, companion).numLayers();
        return new MappedWeights(path.toString(), files, OriginalKeys.transformer(stored, blocks));
    }

    private Map<String, StoredTensor> vaeTensors() {
        Map<String, StoredTensor> stored = under(OriginalKeys.VAE);
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
        Map<String, StoredTensor> stored = vaeTensors();
        return stored.isEmpty()
                ? companionFor("autoencoder").vae()
                : new MappedWeights(path.toString(), files, OriginalKeys.vae(stored));
    }

    @Override
    public ClipPart clip(int which) {
        Map<String, StoredTensor> stored =
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
        MappedWeights weights = encoder(stored, name -> name.startsWith("text_"));
        return new ClipPart(config, ClipProjection.complete(weights, config), known.tokenizer());
    }

    @Override
    public Optional<T5Part> t5() {
        Map<String, StoredTensor> stored = encoder(SingleFileNames.T5);
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
    private MappedWeights encoder(Map<String, StoredTensor> stored, Predicate<String> own) {
        Map<String, MappedWeights.Part> parts = new LinkedHashMap<>();
        stored.forEach(
                (name, tensor) -> {
                    if (own.test(name)) {
                        parts.put(name, MappedWeights.Part.whole(tensor));
                    }
                });
        return new MappedWeights(path.toString(), files, parts);
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
    public String fingerprint() {
        return Fingerprint.of(List.of(tensors));
    }

    @Override
    public void close() {
        Closing.all(files, companion);
    }
}
