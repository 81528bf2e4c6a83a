package dev.stanstudio.web.generate;

import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.web.library.AdapterCatalog;
import dev.stanstudio.web.matrix.Axis;
import dev.stanstudio.web.matrix.AxisKind;
import dev.stanstudio.web.matrix.Method;
import java.util.List;

/** Finds saved states of trainings for requests. */
final class SavedStates {
    private SavedStates() {}

    /**
     * Returns methods with the states that an axis of them runs over; as they are without one.
     *
     * @throws dev.stanstudio.base.UserException that names what is not there
     */
    static List<Method> along(AdapterCatalog catalog, List<Axis> axes, List<Method> methods) {
        return Axis.find(axes, AxisKind.CHECKPOINT)
                .map(axis -> methods.stream().map(method -> along(catalog, axis, method)).toList())
                .orElse(methods);
    }

    private static Method along(AdapterCatalog catalog, Axis axis, Method method) {
        Method over = method.over(axis, catalog::hash);
        if (!over.checkpoints().isEmpty()) {
            axis.values().forEach(over::at);
        }
        return over;
    }

    /**
     * Returns the saved state of an adapter after {@code step}.
     *
     * @throws dev.stanstudio.base.UserException that names the steps that there are
     */
    static WeightedAdapter at(AdapterCatalog catalog, WeightedAdapter use, String step) {
        Method alone = new Method(use.path(), List.of(use));
        return alone.over(Axis.parse(AxisKind.CHECKPOINT, step), catalog::hash)
                .at(step)
                .adapters()
                .get(0);
    }
}
