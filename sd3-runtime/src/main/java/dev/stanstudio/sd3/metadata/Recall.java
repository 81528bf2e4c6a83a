package dev.stanstudio.sd3.metadata;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.ExifComment;
import dev.stanstudio.sd3.model.ModelDefaults;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings recalled from a picture: this program's own record; A1111's text, ComfyUI's graph, the
 * JSON of SwarmUI, Fooocus, InvokeAI or NovelAI, in a PNG's texts or the EXIF block of a JPEG or
 * WebP.
 */
public final class Recall {
    private Recall() {}

    /**
     * The record this program left in {@code file}, if there is one.
     *
     * @throws UserException if the file cannot be read or its record does not fit
     */
    public static Optional<Provenance> own(Path file) {
        return own(file, Set.of());
    }

    /** As {@link #own(Path)}; its values of {@code replaced} settings are not checked. */
    public static Optional<Provenance> own(Path file, Set<Setting> replaced) {
        return ExifComment.isKept(file) ? Optional.empty() : Provenance.read(file, replaced);
    }

    /**
     * Reads the settings of {@code file}.
     *
     * @throws UserException if the picture carries no settings, or none that are read here
     */
    public static Recalled of(Path file, ModelDefaults defaults) {
        return of(file, defaults, Set.of());
    }

    /** As {@link #of(Path, ModelDefaults)}, where the caller replaces settings. */
    public static Recalled of(Path file, ModelDefaults defaults, Set<Setting> replaced) {
        Optional<Provenance> own = own(file, replaced);
        if (own.isPresent()) {
            return Recalled.of(own.get(), UnknownParts.notes(file, replaced));
        }
        Map<String, String> texts = ForeignTexts.of(file);
        try {
            return foreign(texts)
                    .orElseThrow(() -> new UserException(ForeignProgram.refusal(texts)))
                    .recall(defaults);
        } catch (UserException e) {
            throw new UserException(file + ": " + e.getMessage(), e);
        }
    }

    /** The prompt of {@code file}; empty where it has none that can be read here. */
    public static Optional<String> prompt(Path file) {
        try {
            return foreign(ForeignTexts.of(file))
                    .map(ForeignSettings::prompt)
                    .filter(prompt -> !prompt.isBlank());
        } catch (UserException e) {
            return Optional.empty();
        }
    }

    private static Optional<ForeignSettings> foreign(Map<String, String> texts) {
        String text = texts.getOrDefault(A1111Parameters.KEYWORD, "");
        if (text.isBlank()) {
            return ComfyReading.read(texts).or(() -> JsonDialects.read(texts));
        }
        return JsonReading.read(text)
                .or(() -> Optional.of(A1111Reading.read(A1111Parameters.parse(text))))
                .map(settings -> ComfyReading.noteUnread(texts, settings));
    }
}
