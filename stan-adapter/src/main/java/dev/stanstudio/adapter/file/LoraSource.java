package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.LeftOut;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.sd3.checkpoint.Weights;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A LoRA file as an adapter that projections take. Thread-safe.
 *
 * @param file the file, closed with the adapter
 * @param sha256 its identity
 * @param record this program's description, where it wrote the file
 */
public record LoraSource(LoraFile file, String sha256, Optional<AdapterRecord> record)
        implements AdapterFile {
    private static final String WEIGHT = ".weight";
    static final String DOWN = LoraAdapter.DOWN.substring(1);
    static final String UP = LoraAdapter.UP.substring(1);

    /**
     * Computes the identity of {@code file} and reads its record.
     *
     * @throws dev.stanstudio.base.UserException if it cannot be read; the file is closed then
     */
    public static LoraSource of(LoraFile file) {
        try {
            String record = file.metadata().get(AdapterFolder.RECORD);
            return new LoraSource(
                    file,
                    file.sha256(),
                    Optional.ofNullable(record)
                            .map(text -> RecordJson.read(file.path().toString(), text)));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public long length() {
        return file.bytes();
    }

    @Override
    public Optional<LoraFile> lora() {
        return Optional.of(file);
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String name() {
        return file.adapter().name();
    }

    @Override
    public Map<String, long[]> modules() {
        Map<String, long[]> modules = new LinkedHashMap<>();
        file.adapter()
                .targets()
                .forEach((module, target) -> modules.put(module, target.weightShape()));
        file.changes().forEach((module, change) -> modules.put(module, change.shape()));
        return Collections.unmodifiableMap(modules);
    }

    @Override
    public List<LeftOut> leftOut() {
        return file.leftOut();
    }

    @Override
    public AdapterSource on(Weights base) {
        if (!file.isPlain()) {
            return new ChangedLora(this, base);
        }
        return file.adapter().start().needsBase() ? new BasedLora(this, base) : this;
    }

    @Override
    public ProjectionPart part(String module) {
        ModuleChange change = file.changes().get(module);
        if (change != null) {
            return part(change, change.shape()[0]);
        }
        LoraTarget target = file.adapter().targets().get(module);
        if (target == null) {
            throw new IllegalArgumentException(name() + " does not change " + module);
        }
        return ProjectionPart.lowRank(target.rank(), target.scale(), DOWN, UP, null);
    }

    /**
     * Returns how a change enters the projection.
     *
     * @param out rows of the module's weight, or 0 where they are not known
     */
    static ProjectionPart part(ModuleChange change, long out) {
        long rows = Math.max(1, out);
        return change.change().changesBias()
                ? ProjectionPart.affine(rows, ModuleChange.WEIGHT, ModuleChange.BIAS)
                : ProjectionPart.dense(rows, ModuleChange.WEIGHT);
    }

    @Override
    public String settingsSha256() {
        if (file.isPlain()) {
            return AdapterFile.super.settingsSha256();
        }
        Sha256 hash = new Sha256();
        hash.add(AdapterFile.super.settingsSha256());
        file.changes().forEach((module, change) -> hash.add(module + change.identity()));
        return hash.hex();
    }

    @Override
    public AdapterReport match(Map<String, long[]> modules) {
        file.requireFamily();
        return AdapterFile.super.match(modules);
    }

    @Override
    public void requireFixed() {
        file.adapter().start().requirePlain(name());
        file.changes().forEach((module, change) -> requireFixed(module, change));
    }

    private void requireFixed(String module, ModuleChange change) {
        if (change.change().needsBase()) {
            throw new UserException(
                    "%s: the %s of %s follows from the weights of the model too; merge it into one with --model"
                            .formatted(name(), change.change().label(), module));
        }
        if (change.change().changesBias()) {
            throw new UserException(
                    "%s changes the bias of %s, which no adapter file of this program can hold; merge it into a model with --model"
                            .formatted(name(), module));
        }
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        ModuleChange change = file.changes().get(module);
        if (change != null) {
            return change.open(scope, name(), file.tensors(), null, tensor);
        }
        file.adapter().start().requirePlain(name());
        // Trainings call them as PEFT's files do.
        String name =
                tensor.endsWith(WEIGHT)
                        ? tensor.substring(0, tensor.length() - WEIGHT.length())
                        : tensor;
        return file.adapter().factors().open(scope, module + "." + name);
    }
}
