package dev.stanstudio.sd3.metadata;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Torch;
import dev.stanstudio.sd3.checkpoint.Quantization;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GeneratedPicture;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.IpAdapterInput;
import dev.stanstudio.sd3.pipeline.Missing;
import dev.stanstudio.sd3.pipeline.PathText;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records the making of a picture in its PNG: the request, the model, and what computed it. Enough
 * to make the same picture again.
 *
 * @param request the request that repeats the picture
 * @param model name and weights
 * @param engine what computed it; another engine, type or thread count may differ in the last bits
 * @param version version of this program
 * @param weighted words of the prompts with their weights, for readers alone; may be left out
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Provenance(
        GenerationRequest request,
        ModelIdentity model,
        EngineIdentity engine,
        String version,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> weighted) {
    /** Keyword of the PNG text chunk that holds this record as JSON. */
    public static final String KEYWORD = "stan-studio";

    private static final int SHORT_HASH = 10;

    /**
     * Takes no value for another: a weight that is null or "" would be 0 and draw another picture.
     */
    static final JsonMapper JSON =
            Json.LENIENT_EXACT
                    .rebuild()
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .withCoercionConfig(
                            LogicalType.Textual,
                            texts ->
                                    texts.setCoercion(
                                                    CoercionInputShape.Integer, CoercionAction.Fail)
                                            .setCoercion(
                                                    CoercionInputShape.Float, CoercionAction.Fail)
                                            .setCoercion(
                                                    CoercionInputShape.Boolean,
                                                    CoercionAction.Fail))
                    .build();

    /**
     * Model that made a picture.
     *
     * @param fingerprint of its weights
     * @param settings hash of its configurations, or null where an earlier version made the picture
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ModelIdentity(String name, String fingerprint, @Nullable String settings) {
        /** Refuses what is missing and names that cannot be a path. */
        public ModelIdentity {
            Missing.refuse(name, "model's name");
            Missing.refuse(fingerprint, "model's fingerprint");
            PathText.check("the model", name);
        }
    }

    /**
     * Program and device that computed a picture.
     *
     * @param quantize form of the weights in memory, or null for that of {@code dtype}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EngineIdentity(
            String libtorch, String device, String dtype, int threads, @Nullable String quantize) {
        /** Refuses what is missing. */
        public EngineIdentity {
            Missing.refuse(libtorch, "engine's version");
            Missing.refuse(device, "engine's device");
            Missing.refuse(dtype, "engine's type");
        }
    }

    /** Refuses what is missing. */
    public Provenance {
        Missing.refuse(request, "settings");
        Missing.refuse(model, "model");
        Missing.refuse(engine, "engine");
        weighted = weighted == null ? List.of() : List.copyOf(weighted);
    }

    /** The provenance of a picture that {@code model} made from {@code request}. */
    public static Provenance of(Sd3Model model, GenerationRequest request) {
        Quantization quantization = model.options().quantization();
        return new Provenance(
                request,
                new ModelIdentity(model.name(), model.fingerprint(), model.settings()),
                new EngineIdentity(
                        Torch.version(),
                        model.options().device().toString(),
                        model.options().dtype().label(),
                        Torch.threads(),
                        quantization.small() ? quantization.label() : null),
                ProgramVersion.current(),
                request.weightedWords());
    }

    /**
     * Reads the record of {@code file}, if this program wrote it.
     *
     * @throws UserException if the file is no PNG or its record does not fit
     */
    public static Optional<Provenance> read(Path file) {
        return read(file, Set.of());
    }

    /**
     * As {@link #read(Path)}, where the caller replaces settings: the record's values of these are
     * not checked.
     */
    static Optional<Provenance> read(Path file, Set<Setting> replaced) {
        String json = PngText.read(file).get(KEYWORD);
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(JSON.readTree(json)));
        } catch (JsonProcessingException | UserException e) {
            if (replaced.isEmpty()) {
                throw damaged(file, e);
            }
        }
        try {
            JsonNode record = JSON.readTree(json);
            StandIns.put(record.path("request"), replaced);
            return Optional.of(parse(record));
        } catch (JsonProcessingException | UserException e) {
            throw damaged(file, e);
        }
    }

    private static Provenance parse(JsonNode json) throws JsonProcessingException {
        Provenance record = JSON.treeToValue(json, Provenance.class);
        if (record == null) {
            throw new UserException("it is null");
        }
        return record;
    }

    private static UserException damaged(Path file, Exception e) {
        return new UserException(file + ": its record of the request is damaged: " + reason(e), e);
    }

    /** A constructor's refusal, else the parser's words without the text that it stopped at. */
    private static String reason(Exception e) {
        if (e instanceof UserException) {
            return String.valueOf(e.getMessage());
        }
        if (e.getCause() instanceof UserException refusal) {
            return String.valueOf(refusal.getMessage());
        }
        if (e instanceof StreamConstraintsException) {
            return "it is nested or long beyond all reason";
        }
        return e instanceof MismatchedInputException mismatch && !mismatch.getPath().isEmpty()
                ? "its part " + place(mismatch) + " is missing or of another kind"
                : "it is no JSON of a request";
    }

    private static String place(JsonMappingException e) {
        return e.getPath().stream()
                .map(
                        part ->
                                part.getFieldName() == null
                                        ? "" + part.getIndex()
                                        : part.getFieldName())
                .collect(Collectors.joining("."));
    }

    /** Writes {@code picture} as a PNG with this record and the A1111 text. */
    public void write(Path file, GeneratedPicture picture) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(A1111Parameters.KEYWORD, a1111().format());
        texts.put(KEYWORD, json());
        PngText.write(file, picture.picture(), texts);
    }

    private String json() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The settings as A1111 and those who read its text name them. */
    A1111Parameters a1111() {
        SamplingOptions sampling = request.sampling();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("Steps", String.valueOf(sampling.steps()));
        settings.put("Sampler", sampling.sampler().a1111Name());
        if (sampling.sigmaSchedule() != null) {
            settings.put("Schedule type", sampling.sigmaSchedule().a1111Name());
        }
        settings.put("CFG scale", number(sampling.guidance()));
        if (sampling.guidanceOptions() != null) {
            settings.put("Guidance variants", sampling.guidanceOptions().toString());
        }
        settings.put("Seed", String.valueOf(request.seeds().get(0)));
        settings.put("Size", request.width() + "x" + request.height());
        settings.put("Model hash", model.fingerprint().substring(0, SHORT_HASH));
        settings.put("Model", model.name());
        if (!request.adapters().isEmpty()) {
            settings.put("Adapters", adapters());
        }
        if (!request.features().isEmpty()) {
            settings.put(
                    "Features",
                    request.features().stream()
                            .map(FeatureChange::toString)
                            .collect(Collectors.joining(" ")));
        }
        if (!request.controls().isEmpty()) {
            settings.put("ControlNets", controls());
        }
        if (request.ipAdapter() != null) {
            settings.put("IP-Adapter", ipAdapter(request.ipAdapter()));
        }
        HiresPass hires = request.hires();
        if (hires != null) {
            settings.putAll(LargeText.hires(hires));
        }
        if (request.upscaler() != null) {
            settings.put("Upscaler", LargeText.upscaler(request.upscaler()));
        }
        if (hires == null && request.image() != null) {
            settings.put("Denoising strength", number(request.image().strength()));
        }
        if (request.text().clipSkip() > 0) {
            settings.put("Clip skip", String.valueOf(request.text().clipSkip()));
        }
        if (request.text().syntax() != null) {
            settings.put("Prompt syntax", request.text().reading().label());
        }
        settings.put("Version", "stan-studio " + version);
        return new A1111Parameters(request.prompt().text(), request.negative().text(), settings);
    }

    /** Name, short hash and weight of each, with the step of a saved state. */
    private String adapters() {
        return request.adapters().stream()
                .map(
                        use ->
                                name(use)
                                        + ": "
                                        + shortHash(use.sha256())
                                        + " × "
                                        + number(use.weight())
                                        + blocks(use.blocks()))
                .collect(Collectors.joining(", "));
    }

    /** Name, short hash, preprocessor, scale and range of each. */
    private String controls() {
        return request.controls().stream()
                .map(
                        use ->
                                "%s: %s %s × %s in %s … %s"
                                        .formatted(
                                                Path.of(use.path()).getFileName(),
                                                shortHash(use.fingerprint()),
                                                use.preprocessor(),
                                                number(use.scale()),
                                                number(use.start()),
                                                number(use.end())))
                .collect(Collectors.joining(", "));
    }

    /** Name, short hash, scale and the short hashes of its pictures. */
    private static String ipAdapter(IpAdapterInput use) {
        return "%s: %s × %s of %s"
                .formatted(
                        Path.of(use.path()).getFileName(),
                        shortHash(use.fingerprint()),
                        number(use.scale()),
                        use.pictures().stream()
                                .map(one -> shortHash(one.sha256()))
                                .collect(Collectors.joining(" ")));
    }

    private static String name(WeightedAdapter use) {
        AdapterPlace place = AdapterPlace.of(use.toPath());
        return place.step().isPresent()
                ? place.shown()
                : String.valueOf(use.toPath().getFileName());
    }

    private static String blocks(BlockWeights blocks) {
        return blocks.isAll() ? "" : " in blocks " + blocks;
    }

    static String shortHash(@Nullable String hash) {
        return hash == null ? "unknown" : hash.substring(0, Math.min(SHORT_HASH, hash.length()));
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
