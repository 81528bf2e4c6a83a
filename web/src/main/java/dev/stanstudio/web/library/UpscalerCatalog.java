package dev.stanstudio.web.library;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.generate.UpscalerFinder;
import dev.stanstudio.sd3.model.UpscalerSource;
import dev.stanstudio.sd3.pipeline.HiresPass;
import dev.stanstudio.sd3.pipeline.UpscalerInput;
import dev.stanstudio.web.home.StudioHome;
import dev.stanstudio.web.matrix.Enlargement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lists the upscalers that visitors can name: those of the models' places. Thread-safe. */
public final class UpscalerCatalog {
    private static final String FOLDER = "upscalers";

    private final UpscalerFinder finder;

    /** Looks in the model folder, and in the folder {@value #FOLDER} of {@code home}. */
    public UpscalerCatalog(StudioHome home) {
        finder = UpscalerFinder.ofUser(home.folder().resolve(FOLDER));
    }

    /**
     * Returns the second pass of a text, by an upscaler of the catalog where it names one.
     *
     * @throws ArgumentException if the text cannot be read, or names no upscaler that is here
     */
    public HiresPass hires(String text) {
        HiresPass pass = HiresPass.parse(text);
        UpscalerInput upscaler = pass.upscaler();
        return upscaler == null ? pass : pass.by(find(upscaler.path()));
    }

    /**
     * Returns the upscaler called {@code name}.
     *
     * @throws ArgumentException that names those that there are
     */
    public UpscalerInput find(String name) {
        Map<String, Path> all = finder.all();
        Path path = all.get(name);
        if (path == null) {
            String places =
                    finder.folders().stream()
                            .map(Path::toString)
                            .collect(Collectors.joining(" or "));
            throw new ArgumentException(
                    "there is no upscaler '%s'; %s"
                            .formatted(
                                    name,
                                    all.isEmpty()
                                            ? "put one into " + places
                                            : "there are " + String.join(", ", all.keySet())));
        }
        return new UpscalerInput(path.toString(), fingerprint(path));
    }

    /** Returns what of an earlier request can be made here; notes what cannot. */
    public Enlargement here(
            @Nullable HiresPass hires, @Nullable UpscalerInput upscaler, List<String> notes) {
        HiresPass pass = hires;
        if (hires != null && hires.upscaler() != null) {
            UpscalerInput found = here(hires.upscaler(), notes);
            pass = found == null ? null : hires.by(found);
        }
        return new Enlargement(pass, upscaler == null ? null : here(upscaler, notes));
    }

    private @Nullable UpscalerInput here(UpscalerInput earlier, List<String> notes) {
        for (Path path : finder.all().values()) {
            String weights = fingerprint(path);
            boolean same =
                    earlier.fingerprint() == null
                            ? path.equals(Path.of(earlier.path()))
                            : earlier.fingerprint().equals(weights);
            if (same) {
                return new UpscalerInput(path.toString(), weights);
            }
        }
        notes.add(
                "The upscaler %s is not here; what it enlarged is left out."
                        .formatted(earlier.shown()));
        return null;
    }

    private static @Nullable String fingerprint(Path path) {
        try (UpscalerSource source = UpscalerSource.open(path)) {
            return source.fingerprint();
        } catch (UserException e) {
            return null; // the file went since it was listed; the one who draws with it says so
        }
    }
}
