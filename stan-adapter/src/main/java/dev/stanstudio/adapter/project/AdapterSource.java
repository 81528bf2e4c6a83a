package dev.stanstudio.adapter.project;

import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.checkpoint.Placement;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An adapter that projections can take, whatever file it comes from. Thread-safe. */
public interface AdapterSource {
    /** Returns the name for people and errors. */
    String name();

    /** Returns the adapter's identity: SHA-256 of its tensors' file in hexadecimal. */
    String sha256();

    /**
     * Returns the SHA-256 of how the tensors are used: form, factor and active features of every
     * module. Of adapters with the same tensors it tells those apart that compute something else.
     */
    default String settingsSha256() {
        Sha256 hash = new Sha256();
        new TreeMap<>(modules())
                .keySet()
                .forEach(module -> hash.add(module + part(module).identity()));
        return hash.hex();
    }

    /** Returns the weight shape by module path, of every module that the adapter changes. */
    Map<String, long[]> modules();

    /** Lists what the file holds beside those modules, which is not applied. */
    default List<LeftOut> leftOut() {
        return List.of();
    }

    /**
     * Compares the adapter with a model.
     *
     * @param modules weight shape by module path ({@link
     *     dev.stanstudio.adapter.kind.TargetModules})
     */
    default AdapterReport match(Map<String, long[]> modules) {
        return AdapterReport.match(name(), modules(), modules).beside(leftOut());
    }

    /**
     * Returns this adapter as it applies to a model: unchanged, unless its change depends on the
     * model's weights too.
     *
     * @param base the transformer's weights, open as long as the result is used
     */
    default AdapterSource on(Weights base) {
        return this;
    }

    /**
     * Makes sure that the change of every module is known without a model, and is of weights alone.
     *
     * @throws UserException that says what to do instead
     */
    default void requireFixed() {}

    /** Returns how the tensors of {@code module} enter the projection. */
    ProjectionPart part(String module);

    /**
     * Opens tensor {@code tensor} of {@code module} in its stored type on the CPU; {@code scope}
     * owns it.
     */
    Tensor open(Scope scope, String module, String tensor);

    /**
     * Opens the parts of {@code modules}, each with all of its tensors; {@code scope} owns those.
     *
     * @param placement device and type of the tensors
     * @throws UserException if a number is not finite
     */
    default List<OpenPart> parts(Scope scope, Collection<String> modules, Placement placement) {
        return modules.stream().map(module -> open(scope, module, placement)).toList();
    }

    /** Opens the part of one module, as {@link #parts}. */
    default OpenPart open(Scope scope, String module, Placement placement) {
        long[] shape = modules().get(module);
        if (shape == null) {
            throw new IllegalArgumentException(name() + " does not change " + module);
        }
        ProjectionPart part = part(module);
        return new OpenPart(
                module,
                shape[0],
                part,
                placed(scope, module, part.encoder(), placement),
                optional(scope, module, part.decoder(), placement),
                optional(scope, module, part.gate(), placement));
    }

    private @Nullable Tensor optional(
            Scope scope, String module, @Nullable String tensor, Placement placement) {
        return tensor == null ? null : placed(scope, module, tensor, placement);
    }

    private Tensor placed(Scope scope, String module, String tensor, Placement placement) {
        try (Scope local = Scope.open(module)) {
            Tensor stored = openFinite(local, module, tensor);
            return Tensors.to(scope, stored, placement.device(), placement.dtype());
        }
    }

    /**
     * Opens a tensor as {@link #open(Scope, String, String)}.
     *
     * @throws UserException if a number is not finite
     */
    default Tensor openFinite(Scope scope, String module, String tensor) {
        Tensor stored = open(scope, module, tensor);
        if (!Tensors.allFinite(stored)) {
            throw new UserException(
                    "%s: %s.%s holds numbers that are not finite; its training diverged or the file is damaged"
                            .formatted(name(), module, tensor));
        }
        return stored;
    }
}
