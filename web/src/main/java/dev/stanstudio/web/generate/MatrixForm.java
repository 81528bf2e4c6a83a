package dev.stanstudio.web.generate;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.AdapterPlace;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.GuidanceOptions;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import dev.stanstudio.sd3.text.TextSyntax;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.matrix.Seeds;
import dev.stanstudio.web.picture.Carried;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.server.FieldException;
import dev.stanstudio.web.server.FormValues;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request from the fields of the page's form.
 *
 * @param form the fields; of repeated ones the first value
 * @param ticked words of the ticked styles
 * @param chosen names of the ticked methods, each once
 */
record MatrixForm(
        FormValues form,
        List<String> ticked,
        List<String> chosen,
        AdapterCatalog catalog,
        Sources sources,
        ControlInputs controls,
        IpAdapterFields ipAdapter) {
    /** Value of the method that adds nothing. */
    static final String NONE = "none";

    static MatrixForm of(Context ctx, GenerateServices services) {
        FormValues form = FormValues.of(ctx);
        return new MatrixForm(
                form,
                ctx.formParams("style"),
                ctx.formParams("method").stream().distinct().toList(),
                services.catalog,
                services.sources,
                services.controls,
                new IpAdapterFields(form, ctx.formParams("ip-picture"), services.ipAdapters));
    }

    /**
     * Returns the request.
     *
     * @throws ArgumentException that names the field and what to change
     */
    MatrixRequest read() {
        Carried carried = Carried.read(form.text("carried"));
        if (form.text("model").isEmpty()) {
            throw new FieldException("model", "choose a model");
        }
        List<String> prompts = lines(form.text("prompts"));
        if (prompts.isEmpty()) {
            throw new FieldException("prompts", "write at least one prompt, one per line");
        }
        ImageInput image = new ImageFields(form, sources).read();
        List<Axis> axes = axes();
        return new MatrixRequest(
                form.text("model"),
                prompts,
                styles(ticked, form.text("more-styles")),
                along(axes, methods(axes)),
                FieldException.at(
                        "seeds",
                        () -> Seeds.parse(form.text("seeds"), MatrixRequest.MOST_PICTURES)),
                form.text("negative"),
                form.integer("width"),
                form.integer("height"),
                carried == null ? sampling() : carried.sampling(sampling()),
                image,
                carried,
                axes,
                !form.text("choices").isEmpty(),
                syntax(form),
                new ControlFields(form, controls).read(),
                ipAdapter.read(),
                new EnlargementFields(form, controls.upscalers()).read());
    }

    /** Returns what brackets in the prompts mean; null for plain text. */
    static @Nullable TextSyntax syntax(FormValues form) {
        return form.text("syntax").isEmpty() ? null : TextSyntax.of(form.text("syntax"));
    }

    /** Returns the axes that are chosen; a field without a kind is not read. */
    private List<Axis> axes() {
        List<Axis> axes = new ArrayList<>();
        for (int n = 1; n <= Axis.MOST; n++) {
            String kind = form.text("axis" + n);
            String field = "values" + n;
            if (!kind.isEmpty()) {
                axes.add(
                        FieldException.at(
                                field, () -> Axis.parse(AxisKind.of(kind), form.text(field))));
            }
        }
        return axes;
    }

    private static boolean has(List<Axis> axes, AxisKind kind) {
        return Axis.find(axes, kind).isPresent();
    }

    /** Returns methods with the saved states of an axis; its field shows what is not there. */
    private List<Method> along(List<Axis> axes, List<Method> methods) {
        int place = 1;
        while (place < Axis.MOST
                && !form.text("axis" + place).equals(AxisKind.CHECKPOINT.label())) {
            place++;
        }
        return FieldException.at("values" + place, () -> SavedStates.along(catalog, axes, methods));
    }

    /** Returns the lines of a field that are not blank. */
    static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** Returns the ticked styles and those that are typed, each once. */
    static List<String> styles(List<String> ticked, String more) {
        Set<String> styles = new LinkedHashSet<>(ticked);
        Arrays.stream(more.split(","))
                .map(String::strip)
                .filter(style -> !style.isEmpty())
                .forEach(styles::add);
        return List.copyOf(styles);
    }

    /** Returns a column for each adapter, or one for all; every STAN gets the feature changes. */
    private List<Method> methods(List<Axis> axes) {
        List<Method> methods = new ArrayList<>();
        List<Chosen> all = new ArrayList<>();
        for (String name : chosen) {
            if (name.equals(NONE)) {
                methods.add(Method.NONE);
            } else {
                all.add(adapter(name, axes));
            }
        }
        if (methods.isEmpty() && all.isEmpty()) {
            throw new FieldException(
                    "method", "choose at least one method; “no adapter” is the model alone");
        }
        List<FeatureChange> changes = FieldException.at("features", this::changes);
        if (!changes.isEmpty() && all.stream().noneMatch(Chosen::stan)) {
            throw new FieldException(
                    "features",
                    "changes of features need a STAN among the methods; choose one, or empty the"
                            + " field Features");
        }
        boolean together = form.given().containsKey("together") && !all.isEmpty();
        if (has(axes, AxisKind.FEATURE)) {
            requireStans(all, together);
        }
        if (together) {
            methods.add(method(all, changes));
        } else {
            all.forEach(one -> methods.add(method(List.of(one), changes)));
        }
        return methods;
    }

    private static void requireStans(List<Chosen> all, boolean together) {
        List<String> others =
                all.stream().filter(one -> !one.stan()).map(one -> one.entry().name()).toList();
        FeatureAxis.problem(all.size(), others, together)
                .ifPresent(
                        problem -> {
                            throw new FieldException("method", problem);
                        });
    }

    private List<FeatureChange> changes() {
        return Arrays.stream(form.text("features").split("[,\\s]+"))
                .filter(change -> !change.isEmpty())
                .map(FeatureChange::parse)
                .toList();
    }

    /**
     * Holds a ticked adapter, what the fields beside it say, and the file that is used.
     *
     * @param use the adapter, or a saved state of it
     */
    private record Chosen(CatalogEntry.Usable entry, WeightedAdapter use) {
        boolean stan() {
            return KindName.hasFeatures(entry.kind());
        }

        String shown() {
            String name = use.path().equals(entry.path().toString()) ? entry.name() : state();
            String weighed = use.weight() == 1 ? name : name + " × " + use.weight();
            return use.blocks().isAll() ? weighed : weighed + " blocks " + use.blocks();
        }

        private String state() {
            return AdapterPlace.of(use.toPath()).shown();
        }
    }

    private static Method method(List<Chosen> all, List<FeatureChange> changes) {
        List<WeightedAdapter> uses = all.stream().map(Chosen::use).toList();
        String shown = all.stream().map(Chosen::shown).collect(Collectors.joining(" + "));
        boolean changed = !changes.isEmpty() && all.stream().anyMatch(Chosen::stan);
        return changed
                ? new Method(Method.changed(shown, changes), uses, changes)
                : new Method(shown, uses);
    }

    /** Returns an adapter with its fields; one whose values are an axis is not read. */
    private Chosen adapter(String name, List<Axis> axes) {
        CatalogEntry.Usable entry =
                catalog.usable(name)
                        .orElseThrow(
                                () ->
                                        new ArgumentException(
                                                "there is no adapter '%s'; put its folder into %s"
                                                        .formatted(name, catalog.folder())));
        double weight =
                has(axes, AxisKind.WEIGHT)
                        ? 1
                        : Objects.requireNonNullElse(form.number("weight-" + name), 1.0);
        BlockWeights blocks =
                has(axes, AxisKind.BLOCKS)
                        ? BlockWeights.ALL
                        : FieldException.at(
                                "blocks-" + name,
                                () -> BlockWeights.parse(form.text("blocks-" + name)));
        WeightedAdapter use = entry.weighing(weight).within(blocks);
        String step = has(axes, AxisKind.CHECKPOINT) ? "" : form.text("step-" + name);
        return new Chosen(
                entry,
                step.isEmpty()
                        ? use
                        : FieldException.at(
                                "step-" + name, () -> SavedStates.at(catalog, use, step)));
    }

    private SamplingOptions sampling() {
        String schedule = form.text("schedule");
        return FieldException.at("steps", () -> sampling(schedule));
    }

    private SamplingOptions sampling(String schedule) {
        return SamplingOptions.of(
                        form.integer("steps"),
                        guidance(),
                        FieldException.at("sampler", () -> SamplerKind.of(form.text("sampler"))))
                .withSigmaSchedule(schedule.isEmpty() ? null : SigmaSchedule.of(schedule))
                .withShift(form.number("shift"))
                .withGuidanceOptions(
                        FieldException.at(
                                "variants", () -> GuidanceOptions.parse(form.text("variants"))));
    }

    /** A form without the field means none; an emptied field is a slip. */
    private double guidance() {
        Double given = form.number("guidance");
        if (given == null && form.given().containsKey("guidance")) {
            throw new FieldException("guidance", "write a guidance; 1 is none");
        }
        return Objects.requireNonNullElse(given, 1.0);
    }
}
