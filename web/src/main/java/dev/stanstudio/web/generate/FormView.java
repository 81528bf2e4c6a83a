package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.ImageInput;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.library.CatalogEntry;
import dev.stanstudio.web.picture.Carried;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the form's fields.
 *
 * @param notes what the visitor should know about them
 */
public record FormView(
        MatrixRequest order,
        String seeds,
        List<StyleChoice> styles,
        String moreStyles,
        List<MethodChoice> methods,
        List<String> models,
        List<String> notes) {
    /** A style that can be ticked. */
    public record StyleChoice(String words, String name, String picture, boolean chosen) {}

    /**
     * An adapter that can be ticked; one that cannot says why.
     *
     * @param notApplied what of its file no picture has, a line for each kind
     */
    public record MethodChoice(
            String value,
            String name,
            String about,
            boolean usable,
            boolean chosen,
            List<String> notApplied,
            double weight) {}

    static FormView of(
            MatrixRequest order, AdapterCatalog shelf, List<String> models, List<String> notes) {
        List<StyleChoice> styles = Styles.choices(order.styles());
        List<String> others =
                order.styles().stream()
                        .filter(words -> styles.stream().noneMatch(s -> s.words().equals(words)))
                        .toList();
        return new FormView(
                order,
                Seeds.format(order.seeds()),
                styles,
                String.join(", ", others),
                shelf.all().stream().map(entry -> choice(entry, order.methods())).toList(),
                models,
                notes);
    }

    private static MethodChoice choice(CatalogEntry entry, List<Method> methods) {
        Optional<AdapterUse> use =
                methods.stream()
                        .flatMap(method -> method.adapters().stream())
                        .filter(adapter -> same(adapter, entry))
                        .findFirst();
        Optional<CatalogEntry.Usable> usable = entry.usable();
        return new MethodChoice(
                entry.name(),
                entry.name(),
                entry.summary(),
                usable.isPresent(),
                use.isPresent() && usable.isPresent(),
                usable.map(CatalogEntry.Usable::notApplied).orElse(List.of()),
                use.map(AdapterUse::weight).orElse(1.0));
    }

    /** Returns whether {@code use} is this adapter, by its content or its place. */
    static boolean same(AdapterUse use, CatalogEntry entry) {
        return entry.usable().filter(own -> own.sha256().equals(use.sha256())).isPresent()
                || use.toPath().equals(entry.path());
    }

    /** Whether the model alone is a column. */
    public boolean none() {
        return order.methods().stream().anyMatch(method -> method.adapters().isEmpty());
    }

    /** Whether adapters share a column. */
    public boolean together() {
        return order.methods().stream().anyMatch(method -> method.adapters().size() > 1);
    }

    /** What is done to features, as one types it. */
    public String features() {
        return order.methods().stream()
                .flatMap(method -> method.features().stream())
                .map(FeatureChange::toString)
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /** The sampler's settings. */
    public SamplingOptions sampling() {
        return order.sampling();
    }

    /**
     * Returns the settings that go through the form as they are, for its hidden value; empty for
     * nothing.
     */
    public String carried() {
        Carried carried = order.carried();
        return carried == null ? "" : carried.json();
    }

    /** The same in words. */
    public String carriedWords() {
        Carried carried = order.carried();
        return carried == null ? "" : String.join("; ", carried.words());
    }

    /** Id of the picture to start from; empty for none. */
    public String image() {
        ImageInput image = order.image();
        if (image == null) {
            return "";
        }
        String file = Objects.toString(Path.of(image.path()).getFileName());
        return file.replace(".png", "");
    }

    /** How much of the picture to start from changes. */
    public double strength() {
        ImageInput image = order.image();
        return image == null ? Sources.STRENGTH : image.strength();
    }

    /** A number as people write it: no zeros after the point. */
    public static String number(@Nullable Double value) {
        if (value == null) {
            return "";
        }
        return value == Math.rint(value)
                ? String.valueOf(value.longValue())
                : String.valueOf(value);
    }
}
