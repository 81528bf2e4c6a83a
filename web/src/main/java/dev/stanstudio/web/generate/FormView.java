package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.generate.ModelFinder;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GuidanceOptions;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.SavedState;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Checkpoint;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.Seeds;
import dev.stanstudio.web.picture.Carried;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.View;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the contents of the form's fields.
 *
 * @param seeds as they are typed
 * @param moreStyles the request's styles that cannot be ticked, with commas between
 * @param start where the pictures start from
 * @param controls the control pictures
 * @param ipAdapter the IP-Adapter with its pictures
 * @param notes remarks for the visitor on these contents
 */
public record FormView(
        MatrixRequest request,
        String seeds,
        List<StyleChoice> styles,
        String moreStyles,
        List<MethodChoice> methods,
        List<ModelChoice> models,
        StartView.Choice start,
        ControlView.All controls,
        IpAdapterView ipAdapter,
        List<String> notes)
        implements View {
    @Override
    public String template() {
        return "generate/form.jte";
    }

    /** Describes a style that can be ticked. */
    public record StyleChoice(String words, String name, String picture, boolean chosen) {}

    /**
     * Describes an adapter that can be ticked; {@code about} says why one cannot.
     *
     * @param notApplied parts of its file that no picture has, a line for each kind
     * @param blocks weights of its blocks, as they are typed
     * @param steps the saved states of its training
     * @param step the one that is chosen; null for the finished adapter
     */
    public record MethodChoice(
            String value,
            String name,
            String about,
            boolean usable,
            boolean chosen,
            List<String> notApplied,
            double weight,
            String blocks,
            List<Long> steps,
            @Nullable Long step) {
        /** Returns the values of an axis of saved states; empty where there are none. */
        public String axis() {
            return steps.isEmpty()
                    ? ""
                    : steps.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + ", "
                            + Checkpoint.FINAL;
        }
    }

    static FormView of(
            MatrixRequest given,
            AdapterCatalog catalog,
            List<ModelChoice> models,
            @Nullable StartView start,
            ControlView.All controls,
            IpAdapterView ipAdapter,
            List<String> notes) {
        MatrixRequest request = given.withChoices();
        List<StyleChoice> styles = Styles.choices(request.styles());
        List<String> others =
                request.styles().stream()
                        .filter(words -> styles.stream().noneMatch(s -> s.words().equals(words)))
                        .toList();
        return new FormView(
                request,
                Seeds.format(request.seeds()),
                styles,
                String.join(", ", others),
                catalog.all().stream().map(entry -> choice(entry, request.methods())).toList(),
                models,
                new StartView.Choice(start, 0, 0),
                controls,
                ipAdapter,
                notes);
    }

    private static MethodChoice choice(CatalogEntry entry, List<Method> methods) {
        Optional<WeightedAdapter> use =
                methods.stream()
                        .flatMap(method -> method.adapters().stream())
                        .filter(adapter -> same(adapter, entry))
                        .findFirst();
        Optional<CatalogEntry.Usable> usable = entry.usable();
        OptionalLong step =
                use.map(own -> AdapterPlace.of(own.toPath()).step()).orElse(OptionalLong.empty());
        return new MethodChoice(
                entry.name(),
                entry.name(),
                entry.summary(),
                usable.isPresent(),
                use.isPresent() && usable.isPresent(),
                usable.map(CatalogEntry.Usable::notApplied).orElse(List.of()),
                use.map(WeightedAdapter::weight).orElse(1.0),
                use.map(WeightedAdapter::blocks).orElse(BlockWeights.ALL).toString(),
                usable.map(CatalogEntry.Usable::savedStates).orElse(List.of()).stream()
                        .map(SavedState::step)
                        .toList(),
                step.isPresent() ? step.getAsLong() : null);
    }

    /**
     * Returns whether {@code use} is this adapter or a saved state of it: an adapter by its
     * content, or its place if no hash is known; a state by its place.
     */
    static boolean same(WeightedAdapter use, CatalogEntry entry) {
        return entry.usable()
                .filter(
                        own ->
                                AdapterCatalog.isUsed(own, use)
                                        || own.savedStates().stream()
                                                .anyMatch(
                                                        state -> state.path().equals(use.toPath())))
                .isPresent();
    }

    /** Returns whether the model alone is a column. */
    public boolean none() {
        return request.methods().stream().anyMatch(method -> method.adapters().isEmpty());
    }

    /** Returns whether adapters share a column. */
    public boolean together() {
        return request.methods().stream().anyMatch(method -> method.adapters().size() > 1);
    }

    /** Returns the changes of features as they are typed. */
    public String features() {
        return request.methods().stream()
                .flatMap(method -> method.features().stream())
                .map(FeatureChange::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** Returns the sampler's settings. */
    public SamplingOptions sampling() {
        return request.sampling();
    }

    /** Returns the variants of guidance as they are typed; empty for plain guidance. */
    public String variants() {
        GuidanceOptions variants = sampling().guidanceOptions();
        return variants == null ? "" : variants.toString();
    }

    /** Returns the second pass as it is typed; empty for none. */
    public String hires() {
        return EnlargementFields.hires(request.enlarging());
    }

    /** Returns the upscaler as it is typed; empty for none. */
    public String upscaler() {
        return EnlargementFields.upscaler(request.enlarging());
    }

    /** Returns whether brackets in the prompts are weights. */
    public boolean weighted() {
        return request.syntax() != null;
    }

    /** Returns what the built-in model can draw. */
    public List<Example> examples() {
        return KnownScenes.all().stream()
                .map(scene -> new Example(scene.name(), scene.prompt()))
                .toList();
    }

    /** Returns the name of the built-in model. */
    public String builtIn() {
        return ModelFinder.BUILT_IN;
    }

    /** Names a scene and a prompt that shows it. */
    public record Example(String name, String prompt) {}

    /** Returns the number of chosen styles. */
    public long chosenStyles() {
        return styles.stream().filter(StyleChoice::chosen).count();
    }

    /** Returns the axes that can be chosen. */
    public List<AxisKind> axisKinds() {
        return List.of(AxisKind.values());
    }

    /** Returns the places for axes, from 1. */
    public List<Integer> axisPlaces() {
        return IntStream.rangeClosed(1, Axis.MOST).boxed().toList();
    }

    /** Returns the axis in a place; null for none. */
    public @Nullable Axis axis(int place) {
        return place <= request.axes().size() ? request.axes().get(place - 1) : null;
    }

    /** Returns all samplers. */
    public List<SamplerKind> samplers() {
        return List.of(SamplerKind.values());
    }

    /** Returns the ways to space sigmas that replace the model's own. */
    public List<SigmaSchedule> schedules() {
        return SigmaSchedule.respacing();
    }

    /**
     * Returns the settings that go through the form as they are, for its hidden value; empty for
     * nothing.
     */
    public String carried() {
        Carried carried = request.carried();
        return carried == null ? "" : carried.json();
    }

    /** Returns the carried settings in words. */
    public String carriedWords() {
        Carried carried = request.carried();
        return carried == null ? "" : String.join("; ", carried.words());
    }

    /** Returns the most pictures of a matrix. */
    public int mostPictures() {
        return MatrixRequest.MOST_PICTURES;
    }

    /** Returns the most steps of all pictures of a matrix. */
    public long mostSteps() {
        return OrderLimits.MOST_STEPS;
    }

    /** Returns whether the request's model is one of those that are listed. */
    public boolean isListed() {
        return models.stream().anyMatch(model -> model.name().equals(request.model()));
    }

    /** Returns a number as people write it: no zeros after the point. */
    public static String number(@Nullable Double value) {
        if (value == null) {
            return "";
        }
        return value == Math.rint(value)
                ? String.valueOf(value.longValue())
                : String.valueOf(value);
    }
}
