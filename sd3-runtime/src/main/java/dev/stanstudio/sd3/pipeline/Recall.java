package dev.stanstudio.sd3.pipeline;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.png.A1111Parameters;
import dev.stanstudio.sd3.png.PngText;
import java.nio.file.Path;
import java.util.Optional;

/** Settings recalled from a picture: this program's own record, or A1111's text. */
public final class Recall {
    private Recall() {}

    /** The record this program left in {@code file}, if there is one. */
    public static Optional<Provenance> own(Path file) {
        return Provenance.read(file);
    }

    /**
     * The request that {@code file} tells of.
     *
     * @throws UserException if the picture carries no settings
     */
    public static GenerationRequest request(Path file, ModelDefaults defaults) {
        Optional<Provenance> own = own(file);
        if (own.isPresent()) {
            return own.get().request();
        }
        String text = PngText.read(file).get(A1111Parameters.KEYWORD);
        if (text == null) {
            throw new UserException(
                    file + " carries no settings; only pictures of this program and of A1111 do");
        }
        return ForeignSettings.request(A1111Parameters.parse(text), defaults);
    }
}
