package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.UserException;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.sd3.checkpoint.ConfigReader;
import dev.stanstudio.sd3.checkpoint.TensorFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * An opened adapter: a folder of this program, or a LoRA of PEFT, diffusers or kohya. Only headers
 * are read until tensors are opened. Immutable and thread-safe.
 *
 * @param source what it adds
 * @param record what it says about itself, where this program wrote it
 * @param length of the tensors' file in bytes
 * @param files closed with the adapter
 */
public record AdapterFile(
        AdapterSource source, Optional<AdapterRecord> record, long length, AutoCloseable files)
        implements AutoCloseable {

    /**
     * Opens an adapter.
     *
     * @throws UserException if there is none or its parts do not fit together
     */
    public static AdapterFile open(Path path) {
        if (isOwn(path)) {
            Path config = path.resolve(AdapterFolder.CONFIG);
            String json = ConfigReader.of(config).node().toString();
            return own(path, RecordJson.read(config.toString(), json));
        }
        LoraFile file = LoraFile.open(path);
        String record = file.metadata().get(AdapterFolder.RECORD);
        return new AdapterFile(
                LoraSource.of(file),
                Optional.ofNullable(record)
                        .map(text -> RecordJson.read(file.path().toString(), text)),
                file.bytes(),
                file);
    }

    /**
     * Whether {@code path} is a folder in this program's own format; a LoRA's is PEFT's.
     *
     * @throws UserException if its configuration cannot be read
     */
    public static boolean isOwn(Path path) {
        Path config = path.resolve(AdapterFolder.CONFIG);
        return Files.isRegularFile(config) && ConfigReader.of(config).has(RecordJson.KIND);
    }

    private static AdapterFile own(Path folder, AdapterRecord record) {
        Path tensors = folder.resolve(AdapterFolder.TENSORS);
        TensorCollection stored = TensorCollection.open(tensors);
        TensorFiles files = new TensorFiles();
        return new AdapterFile(
                new StoredAdapter(
                        folder.toString(), Sha256.ofFile(tensors), record, stored, files),
                Optional.of(record),
                stored.files().get(0).length(),
                files);
    }

    /**
     * Holds the adapter against a model.
     *
     * @param modules weight shape by module path ({@link
     *     dev.stanstudio.adapter.kind.TargetModules})
     * @param fingerprint identity of the model's weights
     * @return which modules fit
     * @throws UserException if nothing fits, or the adapter was trained on other weights
     */
    public AdapterReport match(Map<String, long[]> modules, String fingerprint) {
        AdapterReport report = source.match(modules).requireMatch();
        record.filter(r -> !r.baseFingerprint().equals(fingerprint))
                .ifPresent(
                        r -> {
                            throw new UserException(
                                    source.name()
                                            + " was trained on "
                                            + r.baseModel()
                                            + " with the weights "
                                            + brief(r.baseFingerprint())
                                            + ", this model has "
                                            + brief(fingerprint)
                                            + "; use the model it was trained on");
                        });
        return report;
    }

    /** The LoRA file behind this adapter, if it is one. */
    public Optional<LoraFile> lora() {
        return files instanceof LoraFile file ? Optional.of(file) : Optional.empty();
    }

    private static String brief(String fingerprint) {
        return fingerprint.length() > 12 ? fingerprint.substring(0, 12) : fingerprint;
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
