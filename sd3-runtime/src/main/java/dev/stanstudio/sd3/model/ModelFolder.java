package dev.stanstudio.sd3.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.Fingerprint;
import dev.stanstudio.sd3.checkpoint.StoredWeights;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import dev.stanstudio.sd3.checkpoint.Weights;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.schedule.ScheduleConfig;
import dev.stanstudio.sd3.text.ClipTextConfig;
import dev.stanstudio.sd3.text.T5Config;
import dev.stanstudio.sd3.vae.VaeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A model in the layout of diffusers: one folder per component beside model_index.json. */
public final class ModelFolder implements ModelSource {
    private static final String INDEX = "model_index.json";
    private static final String CLASS = "_class_name";
    private static final String PIPELINE = "StableDiffusion3";
    private static final String DIFFUSERS_NAME = "diffusion_pytorch_model";
    private static final String TRANSFORMERS_NAME = "model";

    private final Path path;
    private final ConfigReader index;
    private final @Nullable String variant;
    private final TensorFiles files = new TensorFiles();

    /** Headers by component, each read once: weights and identity are of one version of a file. */
    private final Map<String, TensorCollection> headers = new ConcurrentHashMap<>();

    private @Nullable String fingerprint;

    private ModelFolder(Path path, ConfigReader index, @Nullable String variant) {
        this.path = path;
        this.index = index;
        this.variant = variant;
    }

    /**
     * Opens the folder and reads its index.
     *
     * @throws UserException if it is no folder, or of another kind of model
     */
    static ModelFolder open(Path path, @Nullable String variant) {
        if (!Files.exists(path)) {
            throw new UserException("there is no model at " + path);
        }
        if (!Files.isRegularFile(path.resolve(INDEX))) {
            throw new UserException(
                    path
                            + " has no "
                            + INDEX
                            + "; give a diffusers folder or a .safetensors or .gguf file");
        }
        ConfigReader index = ConfigReader.of(path.resolve(INDEX));
        String kind = index.text(CLASS, "");
        if (!kind.startsWith(PIPELINE)) {
            throw new UserException(
                    "%s describes a '%s'; only StableDiffusion3Pipeline models are supported"
                            .formatted(path.resolve(INDEX), kind));
        }
        ListedClasses.check(index);
        return new ModelFolder(path, index, variant);
    }

    @Override
    public String name() {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }

    @Override
    public Path path() {
        return path;
    }

    private boolean has(String component) {
        JsonNode entry = index.node().path(component);
        return entry.isArray() && !entry.path(0).isNull() && !entry.path(1).isNull();
    }

    private ConfigReader config(String component) {
        return ConfigReader.of(path.resolve(component).resolve("config.json"));
    }

    private TensorCollection tensors(String component, String base) {
        return headers.computeIfAbsent(
                component, part -> TensorCollection.open(path.resolve(part), base, variant));
    }

    private StoredWeights weights(String component, String base, UnaryOperator<String> rename) {
        return StoredWeights.of(tensors(component, base), files, rename);
    }

    @Override
    public MmditConfig transformerConfig() {
        return MmditConfig.read(config("transformer"));
    }

    @Override
    public Weights transformer() {
        return weights("transformer", DIFFUSERS_NAME, UnaryOperator.identity());
    }

    @Override
    public VaeConfig vaeConfig() {
        return VaeConfig.read(config("vae"));
    }

    @Override
    public Weights vae() {
        return weights("vae", DIFFUSERS_NAME, OldNames::vae);
    }

    @Override
    public boolean hasTextEncoders() {
        return has("text_encoder") && has("text_encoder_2");
    }

    @Override
    public ClipPart clip(int which) {
        String suffix = which == 1 ? "" : "_2";
        String component = "text_encoder" + suffix;
        if (!has(component)) {
            throw new UserException(path.resolve(INDEX) + " lists no " + component);
        }
        return new ClipPart(
                ClipTextConfig.read(config(component)),
                weights(component, TRANSFORMERS_NAME, OldNames::clip),
                path.resolve("tokenizer" + suffix));
    }

    @Override
    public Optional<T5Part> t5() {
        if (!has("text_encoder_3")) {
            return Optional.empty();
        }
        return Optional.of(
                new T5Part(
                        T5Config.read(config("text_encoder_3")),
                        weights("text_encoder_3", TRANSFORMERS_NAME, UnaryOperator.identity()),
                        path.resolve("tokenizer_3")));
    }

    @Override
    public ScheduleConfig schedule() {
        return ScheduleConfig.read(scheduler());
    }

    @Override
    public ModelDefaults defaults() {
        MmditConfig config = transformerConfig();
        int side = Math.min(config.sampleSize() * vaeConfig().factor(), config.maxPixels());
        JsonNode studio = index.node().path("_studio");
        ModelDefaults defaults =
                studio.isObject()
                        ? ModelDefaults.read(
                                new ConfigReader(path.resolve(INDEX) + " _studio", studio), side)
                        : ModelDefaults.of(side);
        return defaults.with(ScheduleConfig.sampler(scheduler()));
    }

    /**
     * Refuses a config of another class than the index names, since diffusers uses that of the
     * index.
     */
    private Path scheduler() {
        Path file = path.resolve("scheduler").resolve("scheduler_config.json");
        String listed = index.node().path("scheduler").path(1).asText("");
        String own = ConfigReader.of(file).text(CLASS, listed);
        if (!listed.isEmpty() && !own.equals(listed)) {
            throw new UserException(
                    "%s lists the scheduler %s, %s is of %s; make both the same"
                            .formatted(path.resolve(INDEX), listed, file, own));
        }
        return file;
    }

    @Override
    public List<String> extended() {
        List<String> fingerprints = new ArrayList<>();
        index.node()
                .path("_studio")
                .path("extends")
                .forEach(fingerprint -> fingerprints.add(fingerprint.asText()));
        return fingerprints;
    }

    @Override
    public synchronized String fingerprint() {
        if (fingerprint == null) {
            fingerprint = computeFingerprint();
        }
        return fingerprint;
    }

    private String computeFingerprint() {
        List<TensorCollection> all = new ArrayList<>();
        all.add(tensors("transformer", DIFFUSERS_NAME));
        all.add(tensors("vae", DIFFUSERS_NAME));
        for (String encoder : new String[] {"text_encoder", "text_encoder_2", "text_encoder_3"}) {
            if (has(encoder)) {
                all.add(tensors(encoder, TRANSFORMERS_NAME));
            }
        }
        return Fingerprint.of(all);
    }

    @Override
    public void close() {
        files.close();
    }
}
