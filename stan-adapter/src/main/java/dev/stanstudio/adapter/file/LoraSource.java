package dev.stanstudio.adapter.file;

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
        return Collections.unmodifiableMap(modules);
    }

    @Override
    public List<LeftOut> leftOut() {
        return file.leftOut();
    }

    @Override
    public AdapterSource on(Weights base) {
        return file.adapter().start().needsBase() ? new BasedLora(this, base) : this;
    }

    @Override
    public ProjectionPart part(String module) {
        LoraTarget target = file.adapter().targets().get(module);
        if (target == null) {
            throw new IllegalArgumentException(name() + " does not change " + module);
        }
        return ProjectionPart.lowRank(target.rank(), target.scale(), DOWN, UP, null);
    }

    @Override
    public Tensor open(Scope scope, String module, String tensor) {
        file.adapter().start().requirePlain(name());
        // Trainings call them as PEFT's files do.
        String name =
                tensor.endsWith(WEIGHT)
                        ? tensor.substring(0, tensor.length() - WEIGHT.length())
                        : tensor;
        return file.adapter().factors().open(scope, module + "." + name);
    }
}
