package dev.stanstudio.web.study.page;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.ControlCharacters;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequest;
import dev.stanstudio.web.study.store.StudyStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form of a new study, with what was typed into it. */
public record StudyForm(Map<String, String> given) {
    /** The field that names pictures of the gallery, with commas between them. */
    static final String PICTURES = "pictures";

    /** Copies the map. */
    public StudyForm {
        given = Map.copyOf(given);
    }

    /** What stands in a field. */
    public String value(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    /** Whether a box is ticked; one that was never shown has {@code otherwise}. */
    public boolean ticked(String name, boolean otherwise) {
        // Whoever comes from the gallery brings pictures and has seen no box.
        return given.containsKey("title") ? given.containsKey(name) : otherwise;
    }

    /** The pictures of the gallery that are to be compared; empty where a folder is named. */
    public List<String> pictures() {
        return Arrays.stream(value(PICTURES, "").split(",")).filter(id -> !id.isBlank()).toList();
    }

    Study make(StudyStore store, PickedPictures picked) {
        if (!pictures().isEmpty()) {
            return request().make(store, picked.material(pictures()));
        }
        String source = value("source", "").strip();
        if (source.isEmpty()) {
            throw new UserException("name the folder or list with the pictures");
        }
        return request().make(store, Sources.read(path(source)));
    }

    private StudyRequest request() {
        String styles = value("styles", "").strip();
        StudyRequest plain = StudyRequest.titled(value("title", "").strip());
        return new StudyRequest(
                plain.title(),
                value("introduction", "").strip(),
                Arrays.stream(value("questions", "").split("\\R"))
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList(),
                value("arrangement", "pairs").equals("all"),
                ticked("ties", true),
                value("stop", "votes").equals("sequence"),
                plain.alpha(),
                number("votes"),
                number("trials"),
                number("raters"),
                orElse("repeats", plain.repeats()),
                orElse("checks", plain.checks()),
                orElse("training", plain.training()),
                orElse("minMillis", plain.minMillis()),
                orElse("seed", 0),
                styles.isEmpty() ? null : path(styles),
                new Admission(
                        ticked("invitationsOnly", false),
                        orElse("ratersPerAddress", plain.admission().ratersPerAddress()),
                        orElse("joinsPerMinute", plain.admission().joinsPerMinute()),
                        orElse("idleMinutes", plain.admission().idleMinutes())));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException("\"" + text + "\" is no path", e);
        }
    }

    /**
     * Refuses fields with characters that are no text.
     *
     * @throws PageException with status 400 that names the field
     */
    static void refuseControls(Map<String, String> given) {
        given.forEach(
                (name, value) ->
                        ControlCharacters.first(name + value)
                                .ifPresent(
                                        found -> {
                                            throw new PageException(
                                                    400,
                                                    "the field %s has the control character %s;"
                                                                    .formatted(
                                                                            ControlCharacters
                                                                                    .removed(name),
                                                                            found)
                                                            + " remove it");
                                        }));
    }

    private @Nullable Integer number(String name) {
        String text = value(name, "").strip();
        try {
            return text.isEmpty() ? null : Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new UserException(name + " \"" + text + "\" is no whole number", e);
        }
    }

    private int orElse(String name, int otherwise) {
        Integer number = number(name);
        return number == null ? otherwise : number;
    }
}
