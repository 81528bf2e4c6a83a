package dev.stanstudio.web.generate;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Method;
import java.util.List;
import java.util.Optional;

/** The rule of the axis that changes a feature: what is changed must have features. */
final class FeatureAxis {
    private FeatureAxis() {}

    /**
     * Says why the axis has nothing to change.
     *
     * @param all how many adapters were chosen
     * @param others the names of those without features
     * @param together whether all make one method
     */
    static Optional<String> problem(int all, List<String> others, boolean together) {
        if (others.size() < all && (together || others.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(
                "the axis feature needs STANs as methods; %s has no features"
                        .formatted(others.isEmpty() ? "the model alone" : others.get(0)));
    }

    /**
     * Refuses methods that the axis cannot change, each of one adapter or none.
     *
     * @throws ArgumentException that names the first
     */
    static void require(AdapterCatalog catalog, List<Axis> axes, List<Method> methods) {
        if (axes.stream().noneMatch(axis -> axis.kind() == AxisKind.FEATURE)) {
            return;
        }
        List<Method> chosen =
                methods.stream().filter(method -> !method.adapters().isEmpty()).toList();
        List<String> others =
                chosen.stream()
                        .filter(method -> !hasFeatures(catalog, method))
                        .map(Method::name)
                        .toList();
        problem(chosen.size(), others, false)
                .ifPresent(
                        problem -> {
                            throw new ArgumentException(problem);
                        });
    }

    private static boolean hasFeatures(AdapterCatalog catalog, Method method) {
        return method.adapters().stream()
                .flatMap(use -> catalog.find(use).stream())
                .anyMatch(entry -> KindName.hasFeatures(entry.kind()));
    }
}
