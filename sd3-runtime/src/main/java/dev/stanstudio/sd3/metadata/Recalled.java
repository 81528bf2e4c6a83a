package dev.stanstudio.sd3.metadata;

import dev.stanstudio.sd3.pipeline.GenerationRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings that were read from a picture.
 *
 * @param request the settings, with the model's defaults where the picture states none or one that
 *     cannot be used here
 * @param unfit the settings that cannot be used here
 * @param notes further notes, such as on settings that are not used
 * @param own the record of this program, or null for a picture of another
 */
public record Recalled(
        GenerationRequest request, List<Unfit> unfit, List<Note> notes, @Nullable Provenance own) {
    /**
     * A setting that cannot be used here.
     *
     * @param why what is wrong with it, as a sentence without its end
     * @param instead what the request has in its place
     */
    public record Unfit(Setting setting, String why, String instead) {}

    /**
     * A note for the user.
     *
     * @param about the settings any of which makes it idle when it is replaced
     */
    public record Note(Set<Setting> about, String text) {}

    /** Keeps copies of the lists. */
    public Recalled {
        unfit = List.copyOf(unfit);
        notes = List.copyOf(notes);
    }

    static Recalled of(Provenance own, List<String> notes) {
        List<Note> all = notes.stream().map(text -> new Note(Set.of(), text)).toList();
        return new Recalled(own.request(), List.of(), all, own);
    }

    /** The first setting that cannot be used, but for those in {@code replaced}. */
    public Optional<Unfit> firstUnfit(Set<Setting> replaced) {
        return unfit.stream().filter(one -> !replaced.contains(one.setting())).findFirst();
    }

    /** The notes, but for those on settings in {@code replaced}. */
    public List<String> notes(Set<Setting> replaced) {
        return notes.stream()
                .filter(note -> Collections.disjoint(note.about(), replaced))
                .map(Note::text)
                .toList();
    }
}
