package dev.stanstudio.adapter.project;

import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import java.util.Map;

/** An adapter to be added to projections, whatever file it comes from. Thread-safe. */
public interface AdapterSource {
    /** For people and errors. */
    String name();

    /** The adapter's identity: SHA-256 of its tensors' file in hexadecimal. */
    String sha256();

    /** Weight shape by module path, of every module that the adapter changes. */
    Map<String, long[]> modules();

    /** How the tensors of {@code module} enter the projection. */
    ProjectionPart part(String module);

    /**
     * Tensor {@code tensor} of {@code module} in its stored type on the CPU; {@code scope} owns it.
     */
    Tensor open(Scope scope, String module, String tensor);
}
