package dev.stanstudio.web.generate;

import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.adapters.AdapterShelf;
import dev.stanstudio.web.adapters.ShelfEntry;
import dev.stanstudio.web.picture.MatrixOrder;
import dev.stanstudio.web.picture.Method;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an order from the fields of the page's form. */
final class OrderForm {
    /** Value of the method that adds nothing. */
    static final String NONE = "none";

    private final Context ctx;
    private final AdapterShelf shelf;
    private final Sources sources;

    OrderForm(Context ctx, AdapterShelf shelf, Sources sources) {
        this.ctx = ctx;
        this.shelf = shelf;
        this.sources = sources;
    }

    /**
     * The order.
     *
     * @throws ArgumentException that names the field and what to change
     */
    MatrixOrder read() {
        return new MatrixOrder(
                text("model"),
                lines(text("prompts")),
                styles(),
                methods(),
                Seeds.parse(text("seeds")),
                text("negative"),
                integer("width"),
                integer("height"),
                sampling(),
                image());
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

    private List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (String name : ctx.formParams("method")) {
            methods.add(name.equals(NONE) ? Method.NONE : adapter(name));
        }
        return methods;
    }

    private Method adapter(String name) {
        ShelfEntry entry =
                shelf.find(name)
                        .filter(ShelfEntry::usable)
                        .orElseThrow(
                                () ->
                                        new ArgumentException(
                                                "there is no adapter '"
                                                        + name
                                                        + "'; put its folder into "
                                                        + shelf.folder()));
        double weight = number("weight-" + name, 1.0);
        String shown = weight == 1 ? name : name + " × " + weight;
        // The hash is filled in when the adapter is loaded, as for `studio generate`.
        return new Method(shown, List.of(new AdapterUse(entry.path().toString(), null, weight)));
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
        return new SamplingOptions(
                integer("steps"),
                number("guidance", 1),
                text("sampler"),
                schedule.isEmpty() ? null : schedule,
                number("shift"),
                null,
                null,
                null);
    }

    private @Nullable ImageInput image() {
        String source = text("image");
        return source.isEmpty()
                ? null
                : sources.input(source, text("mask"), number("strength", Sources.STRENGTH));
    }
}
