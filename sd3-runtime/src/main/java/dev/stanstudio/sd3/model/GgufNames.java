package dev.stanstudio.sd3.model;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.FileTensor;
import dev.stanstudio.sd3.checkpoint.GgufFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of a GGUF file of an SD3 transformer, under the names that single files have. */
final class GgufNames {
    private static final String ARCHITECTURE = "sd3";

    private GgufNames() {}

    /**
     * Opens {@code path}; most files leave the prefix of the transformer out.
     *
     * @throws UserException if it is no whole GGUF file of an SD3 transformer
     */
    static Map<String, FileTensor> tensors(Path path) {
        Map<String, FileTensor> named = new LinkedHashMap<>();
        GgufFile.open(path, ARCHITECTURE)
                .tensors()
                .forEach(
                        (name, tensor) -> {
                            if (named.put(full(name), tensor) != null) {
                                throw new UserException(
                                        "%s holds %s with and without %s; remove one"
                                                .formatted(path, name, OriginalKeys.MMDIT));
                            }
                        });
        return named;
    }

    private static String full(String name) {
        return name.startsWith(OriginalKeys.MMDIT) ? name : OriginalKeys.MMDIT + name;
    }
}
