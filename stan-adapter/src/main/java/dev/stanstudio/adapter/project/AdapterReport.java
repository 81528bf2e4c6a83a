package dev.stanstudio.adapter.project;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.base.NearestNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.text.TextTower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Result of comparing an adapter's modules with those of a model. Immutable.
 *
 * @param adapter the adapter's name, for errors
 * @param matched modules that the model has, with the weight shape the adapter was made for
 * @param unmatched modules that the model lacks
 * @param wrongShape modules that the model has in another shape
 * @param leftOut what the file holds besides, which is not applied either
 */
public record AdapterReport(
        String adapter,
        List<String> matched,
        List<Unmatched> unmatched,
        List<WrongShape> wrongShape,
        List<LeftOut> leftOut) {

    /** Names are compared for this many modules; a file can hold any number of them. */
    private static final int SUGGESTED_FOR = 64;

    /**
     * A module that the model lacks.
     *
     * @param nearest up to three module paths of the model, most similar first; empty beyond the
     *     first 64 unmatched modules
     */
    public record Unmatched(String module, List<String> nearest) {}

    /**
     * A module whose weight has another shape.
     *
     * @param adapterShape the weight that the adapter was made for
     * @param modelShape the model's weight
     */
    public record WrongShape(String module, List<Long> adapterShape, List<Long> modelShape) {}

    /** Keeps copies of the lists. */
    public AdapterReport {
        matched = List.copyOf(matched);
        unmatched = List.copyOf(unmatched);
        wrongShape = List.copyOf(wrongShape);
        leftOut = List.copyOf(leftOut);
    }

    /** Returns the same with the rest of the adapter's file. */
    public AdapterReport beside(List<LeftOut> others) {
        return new AdapterReport(adapter, matched, unmatched, wrongShape, others);
    }

    /**
     * Lists everything of the adapter that is not applied, a line for each kind, without its name;
     * empty if all of it is.
     */
    public List<String> notApplied() {
        List<String> lines = new ArrayList<>();
        List<TextTower> missing = missing();
        for (TextTower tower : missing) {
            lines.add(
                    "%d modules of %s are left out, since the model is used without that encoder"
                            .formatted(unmatched(tower).size(), tower.component()));
        }
        long left =
                wrongShape.size()
                        + unmatched.stream()
                                .filter(
                                        one ->
                                                TextTower.of(one.module())
                                                        .filter(missing::contains)
                                                        .isEmpty())
                                .count();
        if (left > 0) {
            lines.add(
                    "%d of %d modules do not fit the model and are left out ('studio adapter inspect --model' names them)"
                            .formatted(left, total()));
        }
        leftOut.forEach(one -> lines.add(one.message()));
        return List.copyOf(lines);
    }

    /** Encoders of which the adapter has modules and the model has none of them in any shape. */
    private List<TextTower> missing() {
        return Stream.of(TextTower.values())
                .filter(tower -> !unmatched(tower).isEmpty())
                .filter(
                        tower ->
                                Stream.of(
                                                matched.stream(),
                                                wrongShape.stream().map(WrongShape::module),
                                                // A model with the encoder has its modules nearest.
                                                unmatched(tower).stream()
                                                        .flatMap(one -> one.nearest().stream()))
                                        .flatMap(modules -> modules)
                                        .noneMatch(module -> module.startsWith(tower.prefix())))
                .toList();
    }

    private List<Unmatched> unmatched(TextTower tower) {
        return unmatched.stream().filter(one -> one.module().startsWith(tower.prefix())).toList();
    }

    /** Returns {@link #notApplied()}, each with the adapter's name before it. */
    public List<String> warnings() {
        return notApplied().stream().map(line -> adapter + ": " + line).toList();
    }

    /**
     * Compares the two sides.
     *
     * @param changes weight shape by module path, as the adapter needs it; 0 fits any size
     * @param modules weight shape by module path, as the model has it ({@link TargetModules})
     */
    public static AdapterReport match(
            String adapter, Map<String, long[]> changes, Map<String, long[]> modules) {
        List<String> matched = new ArrayList<>();
        List<Unmatched> unmatched = new ArrayList<>();
        List<WrongShape> wrongShape = new ArrayList<>();
        changes.forEach(
                (module, shape) -> {
                    long[] model = modules.get(module);
                    if (model == null) {
                        boolean compare = unmatched.size() < SUGGESTED_FOR;
                        unmatched.add(
                                new Unmatched(
                                        module,
                                        compare
                                                ? NearestNames.of(module, modules.keySet())
                                                : List.of()));
                    } else if (fits(shape, model)) {
                        matched.add(module);
                    } else {
                        wrongShape.add(new WrongShape(module, boxed(shape), boxed(model)));
                    }
                });
        return new AdapterReport(adapter, matched, unmatched, wrongShape, List.of());
    }

    private static boolean fits(long[] shape, long[] model) {
        return shape.length == model.length
                && IntStream.range(0, shape.length)
                        .allMatch(i -> shape[i] == 0 || shape[i] == model[i]);
    }

    private static List<Long> boxed(long[] shape) {
        return Arrays.stream(shape).boxed().toList();
    }

    /** Counts the modules that the adapter changes or would change. */
    public int total() {
        return matched.size() + unmatched.size() + wrongShape.size();
    }

    /**
     * Returns this report, if the adapter changes anything.
     *
     * @throws UserException if nothing matches; it names the nearest modules or the shapes
     */
    public AdapterReport requireMatch() {
        if (matched.isEmpty()) {
            throw new UserException(adapter + reason());
        }
        return this;
    }

    private String reason() {
        if (total() == 0) {
            return " changes no module of the transformer, only of text encoders";
        }
        if (!wrongShape.isEmpty()) {
            WrongShape first = wrongShape.get(0);
            return " fits none of the model's weights: for %s it needs %s, the model has %s; it was made for another model"
                    .formatted(first.module(), first.adapterShape(), first.modelShape());
        }
        Unmatched first = unmatched.get(0);
        return " matches nothing: the model has none of its %d modules; nearest to %s are %s"
                .formatted(total(), first.module(), String.join(", ", first.nearest()));
    }
}
