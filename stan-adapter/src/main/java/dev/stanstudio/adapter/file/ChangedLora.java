package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An adapter with {@link WeightChange}s on a model, whose weights they may follow from. Each change
 * is computed when its tensor is opened. Thread-safe; file and model must stay open.
 *
 * @param lora the adapter
 * @param base the model's weights
 */
record ChangedLora(LoraSource lora, Weights base) implements AdapterSource {
    @Override
    public String name() {
        return lora.name();
    }

    @Override
    public String sha256() {
        return lora.sha256();
    }

    @Override
    public String settingsSha256() {
        return lora.settingsSha256();
    }

    /** Returns the shapes of the model where a file does not say its own whole. */
    @Override
    public Map<String, long[]> modules() {
        Map<String, long[]> modules = new LinkedHashMap<>(lora.modules());
        modules.replaceAll(this::known);
        return Collections.unmodifiableMap(modules);
    }

    private long[] known(String module, long[] stated) {
        String weight = module + TargetModules.WEIGHT;
        boolean partial = stated[0] == 0 || stated[1] == 0;
        if (!partial || !base.names().contains(weight)) {
            return stated;
        }
        long[] shape = base.shape(weight);
        boolean fits = shape.length == 2 && fits(stated[0], shape[0]) && fits(stated[1], shape[1]);
        return fits ? shape : stated;
    }

    private static boolean fits(long stated, long actual) {
        return stated == 0 || stated == actual;
    }

    @Override
    public List<LeftOut> leftOut() {
        return lora.leftOut();
    }

    @Override
    public AdapterReport match(Map<String, long[]> modules) {
        lora.file().requireFamily();
        return AdapterSource.super.match(modules);
    }

    @Override
    public ProjectionPart part(String module) {
        ModuleChange change = lora.file().changes().get(module);
        long[] shape = modules().get(module);
        return change == null || shape == null
                ? lora.part(module)
                : LoraSource.part(change, shape[0]);
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        ModuleChange change = lora.file().changes().get(module);
        return change == null
                ? lora.open(scope, module, tensor)
                : change.open(scope, name(), lora.file().tensors(), base, tensor);
    }
}
