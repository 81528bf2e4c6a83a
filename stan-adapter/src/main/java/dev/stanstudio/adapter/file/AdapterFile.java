package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.KindName;
import dev.stanstudio.adapter.kind.Sizing;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An opened adapter: a folder of this program, or a LoRA of PEFT, diffusers or kohya. Only headers
 * are read until tensors are opened. Immutable and thread-safe.
 */
public sealed interface AdapterFile extends AdapterSource, AutoCloseable
        permits StoredAdapter, LoraSource {
    /** Returns the adapter's record, if this program wrote the file. */
    Optional<AdapterRecord> record();

    /** Returns the length of the tensors' file in bytes. */
    long length();

    /** Returns the LoRA file, if it is one. */
    default Optional<LoraFile> lora() {
        return Optional.empty();
    }

    /** Returns the name of the adapter's kind, if it is one that this program trains. */
    default Optional<KindName> kind() {
        boolean plain = lora().map(LoraFile::isPlain).orElse(true);
        return plain
                ? record().map(record -> record.kind().name()).or(() -> Optional.of(KindName.LORA))
                : Optional.empty();
    }

    /** Returns the name of the adapter's kind for people, such as {@code lokr}. */
    default String kindLabel() {
        return kind().map(KindName::label)
                .orElseGet(() -> lora().map(LoraFile::kinds).orElseThrow());
    }

    /** Returns how many numbers were trained. */
    default long parameters() {
        return lora().map(LoraFile::parameters)
                .orElseGet(
                        () -> {
                            AdapterRecord record = record().orElseThrow();
                            return Sizing.parameters(record.kind(), record.shapes());
                        });
    }

    @Override
    void close();

    /**
     * Opens an adapter.
     *
     * @throws UserException if there is none or its parts do not fit together
     */
    static AdapterFile open(Path path) {
        return isOwn(path) ? StoredAdapter.open(path) : LoraSource.of(LoraFile.open(path));
    }

    /**
     * Returns whether {@code path} is a folder in this program's own format; a LoRA's is PEFT's.
     *
     * @throws UserException if its configuration cannot be read
     */
    static boolean isOwn(Path path) {
        Path config = path.resolve(AdapterFolder.CONFIG);
        return Files.isRegularFile(config) && ConfigReader.of(config).has(RecordJson.KIND);
    }

    /**
     * Compares the adapter with a model and its weights.
     *
     * @param modules weight shape by module path ({@link
     *     dev.stanstudio.adapter.kind.TargetModules})
     * @param fingerprint identity of the model's weights
     * @return which modules fit
     * @throws UserException if nothing fits, or the adapter was trained on other weights
     */
    default AdapterReport match(Map<String, long[]> modules, String fingerprint) {
        return match(modules, fingerprint, List.of());
    }

    /**
     * As {@link #match(Map, String)}.
     *
     * @param extended identities of the models that this one extends, whose adapters fit
     */
    default AdapterReport match(
            Map<String, long[]> modules, String fingerprint, List<String> extended) {
        AdapterReport report = match(modules).requireMatch();
        record().ifPresent(record -> record.requireBase(name(), fingerprint, extended));
        return report;
    }
}
