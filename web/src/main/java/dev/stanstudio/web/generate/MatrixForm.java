package dev.stanstudio.web.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.sd3.schedule.SamplerKind;
import dev.stanstudio.sd3.schedule.SigmaSchedule;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.picture.Carried;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.Method;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads an order from the fields of the page's form. */
final class MatrixForm {
    /** Value of the method that adds nothing. */
    static final String NONE = "none";

    private static final String STAN = "stan";

    private final Context ctx;
    private final AdapterCatalog shelf;
    private final Sources sources;

    MatrixForm(Context ctx, AdapterCatalog shelf, Sources sources) {
        this.ctx = ctx;
        this.shelf = shelf;
        this.sources = sources;
    }

    /**
     * The order.
     *
     * @throws ArgumentException that names the field and what to change
     */
    MatrixRequest read() {
        Carried carried = Carried.read(text("carried"));
        if (text("model").isEmpty()) {
            throw new ArgumentException("choose a model");
        }
        return new MatrixRequest(
                text("model"),
                lines(text("prompts")),
                styles(),
                methods(),
                Seeds.parse(text("seeds")),
                text("negative"),
                integer("width"),
                integer("height"),
                carried == null ? sampling() : carried.sampling(sampling()),
                image(),
                carried);
    }

    private String text(String name) {
        return Objects.requireNonNullElse(ctx.formParam(name), "").strip();
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private List<String> styles() {
        Set<String> styles = new LinkedHashSet<>(ctx.formParams("style"));
        Arrays.stream(text("more-styles").split(","))
                .map(String::strip)
                .filter(style -> !style.isEmpty())
                .forEach(styles::add);
        return List.copyOf(styles);
    }

    /** A column each, or all adapters in one; what is done to features is done to every STAN. */
    private List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        List<Chosen> all = new ArrayList<>();
        for (String name : ctx.formParams("method")) {
            if (name.equals(NONE)) {
                methods.add(Method.NONE);
            } else {
                all.add(chosen(name));
            }
        }
        List<FeatureChange> changes = changes();
        if (!changes.isEmpty() && all.stream().noneMatch(Chosen::stan)) {
            throw new ArgumentException(
                    "changes of features need a STAN among the methods; choose one, or empty the"
                            + " field Features");
        }
        if (ctx.formParam("together") != null && !all.isEmpty()) {
            methods.add(method(all, changes));
        } else {
            all.forEach(one -> methods.add(method(List.of(one), changes)));
        }
        return methods;
    }

    private List<FeatureChange> changes() {
        return Arrays.stream(text("features").split("[,\\s]+"))
                .filter(change -> !change.isEmpty())
                .map(FeatureChange::parse)
                .toList();
    }

    /** An adapter that was ticked. */
    private record Chosen(CatalogEntry entry, double weight) {
        boolean stan() {
            return entry.kind().equals(STAN);
        }

        String shown() {
            return weight == 1 ? entry.name() : entry.name() + " × " + weight;
        }
    }

    private static Method method(List<Chosen> all, List<FeatureChange> changes) {
        // The hash is filled in when the adapter is loaded, as for `studio generate`.
        List<AdapterUse> uses =
                all.stream()
                        .map(
                                one ->
                                        new AdapterUse(
                                                one.entry().path().toString(), null, one.weight()))
                        .toList();
        String shown = all.stream().map(Chosen::shown).collect(Collectors.joining(" + "));
        boolean changed = !changes.isEmpty() && all.stream().anyMatch(Chosen::stan);
        return changed
                ? new Method(Method.changed(shown, changes), uses, changes)
                : new Method(shown, uses);
    }

    private Chosen chosen(String name) {
        CatalogEntry entry =
                shelf.find(name)
                        .filter(CatalogEntry::usable)
                        .orElseThrow(
                                () ->
                                        new ArgumentException(
                                                "there is no adapter '"
                                                        + name
                                                        + "'; put its folder into "
                                                        + shelf.folder()));
        return new Chosen(entry, number("weight-" + name, 1.0));
    }

    private int integer(String name) {
        String given = text(name);
        try {
            return Integer.parseInt(given);
        } catch (NumberFormatException e) {
            throw new ArgumentException(name + " must be a whole number, not '" + given + "'", e);
        }
    }

    private double number(String name, double fallback) {
        Double value = number(name);
        return value == null ? fallback : value;
    }

    private @Nullable Double number(String name) {
        String given = text(name);
        if (given.isEmpty()) {
            return null;
        }
        try {
            return Double.valueOf(given);
        } catch (NumberFormatException e) {
            throw new ArgumentException(name + " must be a number, not '" + given + "'", e);
        }
    }

    private SamplingOptions sampling() {
        String schedule = text("schedule");
        return SamplingOptions.of(
                        integer("steps"), number("guidance", 1), SamplerKind.of(text("sampler")))
                .withSigmaSchedule(schedule.isEmpty() ? null : SigmaSchedule.of(schedule))
                .withShift(number("shift"));
    }

    private @Nullable ImageInput image() {
        String source = text("image");
        return source.isEmpty()
                ? null
                : sources.input(source, text("mask"), number("strength", Sources.STRENGTH));
    }
}
