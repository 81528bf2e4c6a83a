package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.List;
import java.util.Map;

/** An adapter to be added to projections, whatever file it comes from. Thread-safe. */
public interface AdapterSource {
    /** For people and errors. */
    String name();

    /** The adapter's identity: SHA-256 of its tensors' file in hexadecimal. */
    String sha256();

    /** Weight shape by module path, of every module that the adapter changes. */
    Map<String, long[]> modules();

    /** Lists what its file holds beside those modules, which is not applied. */
    default List<LeftOut> leftOut() {
        return List.of();
    }

    /**
     * Holds the adapter against a model.
     *
     * @param modules weight shape by module path ({@link
     *     dev.stanstudio.adapter.kind.TargetModules})
     */
    default AdapterReport match(Map<String, long[]> modules) {
        return AdapterReport.match(name(), modules(), modules).beside(leftOut());
    }

    /**
     * This adapter where it is applied to a model: as it is, unless its change follows from the
     * model's weights too.
     *
     * @param base the transformer's weights, open as long as the result is used
     */
    default AdapterSource on(Weights base) {
        return this;
    }

    /** How the tensors of {@code module} enter the projection. */
    ProjectionPart part(String module);

    /**
     * Tensor {@code tensor} of {@code module} in its stored type on the CPU; {@code scope} owns it.
     */
    Tensor open(Scope scope, String module, String tensor);
}
