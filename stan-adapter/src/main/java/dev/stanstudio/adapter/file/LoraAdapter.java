package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A LoRA of the transformer, whatever file it came from. Immutable and thread-safe; tensors are
 * opened when they are asked for.
 *
 * @param name for people and errors
 * @param targets by module path, sorted
 * @param factors A and B of every target under the names {@code <module>.lora_A} and {@code
 *     <module>.lora_B}
 * @param start what it was trained from
 */
public record LoraAdapter(
        String name, Map<String, LoraTarget> targets, Weights factors, LoraStart start) {
    static final String DOWN = ".lora_A";
    static final String UP = ".lora_B";

    /** Keeps a sorted copy of the targets. */
    public LoraAdapter {
        targets = Collections.unmodifiableMap(new TreeMap<>(targets));
    }

    /**
     * A of {@code module} in its stored type on the CPU; {@code scope} owns it.
     *
     * @throws dev.stanstudio.base.UserException if A and B alone are not the change
     */
    public Tensor down(Scope scope, String module) {
        start.requirePlain(name);
        return factors.open(scope, module + DOWN);
    }

    /** B likewise. */
    public Tensor up(Scope scope, String module) {
        start.requirePlain(name);
        return factors.open(scope, module + UP);
    }

    /**
     * Compares the targets with a model's modules.
     *
     * @param modules weight shape by module path ({@link
     *     dev.stanstudio.adapter.kind.TargetModules})
     */
    public AdapterReport match(Map<String, long[]> modules) {
        Map<String, long[]> changes = new LinkedHashMap<>();
        targets.forEach((module, target) -> changes.put(module, target.weightShape()));
        return AdapterReport.match(name, changes, modules);
    }
}
