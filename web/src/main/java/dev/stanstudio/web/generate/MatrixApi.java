package dev.stanstudio.web.generate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Json;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisJson;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.GalleryFilter;
import dev.stanstudio.web.picture.GalleryTable;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.JsonBody;
import dev.stanstudio.web.server.Visitor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Serves matrices to programs, as JSON. */
final class MatrixApi {
    /**
     * Refuses what Jackson would make fit: 1.5 for a whole number, a number for a text or a truth
     * value, and an empty text for a number, which it would take for one left out.
     */
    private static final JsonMapper JSON =
            Json.STRICT
                    .rebuild()
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .withCoercionConfig(LogicalType.Textual, MatrixApi::textsOnly)
                    .withCoercionConfig(LogicalType.Integer, MatrixApi::noBlankTexts)
                    .withCoercionConfig(LogicalType.Float, MatrixApi::noBlankTexts)
                    .withCoercionConfig(LogicalType.Boolean, MatrixApi::noBlankTexts)
                    .build();

    private static final int MOST_PICTURES = 1000;

    private final GenerateServices services;

    private static void textsOnly(MutableCoercionConfig texts) {
        for (CoercionInputShape other :
                List.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean)) {
            texts.setCoercion(other, CoercionAction.Fail);
        }
    }

    private static void noBlankTexts(MutableCoercionConfig values) {
        values.setAcceptBlankAsEmpty(true)
                .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
    }

    MatrixApi(GenerateServices services) {
        this.services = services;
    }

    /** Describes the body of a request; what is left out is the model's default. */
    record ApiRequest(
            @Nullable String model,
            @Nullable List<String> prompts,
            @Nullable List<String> styles,
            @Nullable List<String> methods,
            @Nullable List<Long> seeds,
            @Nullable String negative,
            @Nullable Integer width,
            @Nullable Integer height,
            @Nullable Integer steps,
            @Nullable Double guidance,
            @Nullable String sampler,
            @Nullable JsonNode axes,
            @Nullable Boolean choices,
            @JsonProperty("prompt_syntax") @Nullable String promptSyntax,
            @Nullable List<ApiControl> controls,
            @JsonProperty("ip_adapter") @Nullable ApiIpAdapter ipAdapter,
            @Nullable ApiImage image,
            @Nullable String hires,
            @Nullable String upscaler) {}

    void register(RoutesConfig routes) {
        routes.post("/api/matrices", this::add);
        routes.get("/api/matrices/{matrix}", this::get);
        routes.get("/api/pictures", this::newest);
        routes.get("/api/pictures/{id}", this::picture);
        routes.get("/api/queue", ctx -> ctx.json(services.queue.depth()));
    }

    private void add(Context ctx) {
        Matrix matrix = services.submit(Visitor.of(ctx), request(ctx.body()));
        ctx.status(HttpStatus.CREATED).json(json(matrix));
    }

    private void get(Context ctx) {
        ctx.json(json(services.matrix(ctx.pathParam("matrix"))));
    }

    /** Lists finished pictures, the newest first. */
    private void newest(Context ctx) {
        ctx.json(
                new GalleryTable(services.studio.database())
                        .newest(GalleryFilter.ALL, MOST_PICTURES).stream()
                                .map(picture -> json(picture, 0))
                                .toList());
    }

    private void picture(Context ctx) {
        StoredPicture picture = services.picture(ctx.pathParam("id"));
        ctx.json(json(picture, services.queue.places().getOrDefault(picture.id(), 0)));
    }

    private MatrixRequest request(String body) {
        ApiRequest given;
        try {
            given = JSON.readValue(body, ApiRequest.class);
        } catch (JsonProcessingException e) {
            throw new ArgumentException("the body is no order: " + ApiRefusal.of(e), e);
        }
        if (given == null) {
            throw new ArgumentException("the body is no order: it is null");
        }
        check(given);
        String model = Objects.requireNonNullElseGet(given.model(), services.models::defaultModel);
        ModelDefaults defaults = services.models.defaults(model);
        List<Axis> axes = AxisJson.read(given.axes());
        List<Method> methods =
                given.methods() == null
                        ? List.of(Method.NONE)
                        : given.methods().stream().distinct().map(this::method).toList();
        FeatureAxis.require(services.catalog, axes, methods);
        return new MatrixRequest(
                model,
                orNone(given.prompts()),
                orNone(given.styles()),
                SavedStates.along(services.catalog, axes, methods),
                given.seeds() == null ? List.of(0L) : given.seeds(),
                Objects.requireNonNullElse(given.negative(), ""),
                Objects.requireNonNullElse(given.width(), defaults.width()),
                Objects.requireNonNullElse(given.height(), defaults.height()),
                sampling(given, defaults),
                ApiImage.read(given.image(), services.sources),
                null,
                axes,
                Boolean.TRUE.equals(given.choices()),
                given.promptSyntax() == null ? null : TextSyntax.of(given.promptSyntax()),
                ApiControl.read(given.controls(), services.controls),
                ApiIpAdapter.read(given.ipAdapter(), services.ipAdapters),
                EnlargementFields.read(
                        given.hires(), given.upscaler(), services.controls.upscalers()));
    }

    private static SamplingOptions sampling(ApiRequest given, ModelDefaults defaults) {
        return SamplingOptions.of(
                Objects.requireNonNullElse(given.steps(), defaults.steps()),
                Objects.requireNonNullElse(given.guidance(), defaults.guidance()),
                given.sampler() == null ? defaults.sampler() : SamplerKind.of(given.sampler()));
    }

    /** Refuses nulls within lists, broken texts and an empty model; names the field. */
    private static void check(ApiRequest given) {
        text("model", given.model());
        if (given.model() != null && given.model().isBlank()) {
            throw new ArgumentException("model is empty; name one, or leave it out");
        }
        text("negative", given.negative());
        text("sampler", given.sampler());
        text("prompt_syntax", given.promptSyntax());
        text("hires", given.hires());
        text("upscaler", given.upscaler());
        texts("prompts", given.prompts());
        texts("styles", given.styles());
        texts("methods", given.methods());
        if (given.seeds() != null && given.seeds().stream().anyMatch(Objects::isNull)) {
            throw new ArgumentException("seeds holds null; give whole numbers");
        }
    }

    private static void texts(String field, @Nullable List<String> values) {
        if (values != null) {
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) == null) {
                    throw new ArgumentException(field + " holds null; give texts");
                }
                text(field, values.get(i));
            }
        }
    }

    private static void text(String field, @Nullable String value) {
        if (value != null) {
            JsonBody.checkText(field, value);
        }
    }

    private static List<String> orNone(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }

    /** Parses {@code none}, an adapter's name, or {@code NAME=WEIGHT@blocks=BLOCKS}. */
    private Method method(String text) {
        if (text.equals(MatrixForm.NONE)) {
            return Method.NONE;
        }
        WeightedAdapter use = WeightedAdapter.parse(text);
        CatalogEntry.Usable entry =
                services.catalog
                        .usable(use.path())
                        .orElseThrow(
                                () -> new ArgumentException("there is no adapter " + use.path()));
        return new Method(text, List.of(entry.weighing(use.weight()).within(use.blocks())));
    }

    private Map<String, Object> json(Matrix matrix) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", matrix.id());
        json.put("model", matrix.request().model());
        Map<String, Integer> places = services.queue.places();
        json.put(
                "pictures",
                services.table.ofMatrix(matrix.id()).stream()
                        .map(picture -> json(picture, places.getOrDefault(picture.id(), 0)))
                        .toList());
        return json;
    }

    private static Map<String, Object> json(StoredPicture picture, int place) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", picture.id());
        json.put("prompt", picture.subject().prompt());
        json.put("style", picture.subject().style());
        json.put("method", picture.subject().method());
        json.put("seed", picture.subject().seed());
        // JavaScript's numbers hold 53 bits, a seed has 63.
        json.put("seed_text", String.valueOf(picture.subject().seed()));
        json.put("state", picture.state().label());
        json.put("place", place);
        json.put("steps_done", picture.stepsDone());
        json.put("steps", picture.steps());
        json.put("remark", picture.remark());
        json.put("starred", picture.starred());
        json.put("png", "/pictures/" + picture.id() + ".png");
        return json;
    }
}
