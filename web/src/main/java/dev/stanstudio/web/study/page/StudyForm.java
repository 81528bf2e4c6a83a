package dev.stanstudio.web.study.page;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.server.PageException;
import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.plan.ControlCharacters;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequest;
import dev.stanstudio.web.study.store.StudyRequestBuilder;
import dev.stanstudio.web.study.store.StudyStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The form of a new study, with what was typed into it. */
public record StudyForm(Map<String, String> given) {
    /** The field that names pictures of the gallery, with commas between them. */
    static final String PICTURES = "pictures";

    /** Copies the map. */
    public StudyForm {
        given = Map.copyOf(given);
    }

    /** Returns the text of a field, or {@code otherwise} if the field was not sent. */
    public String value(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    /** Returns whether a box is ticked, or {@code otherwise} if the form was not shown yet. */
    public boolean ticked(String name, boolean otherwise) {
        // The gallery sends pictures alone, before the boxes are shown.
        return given.containsKey("title") ? given.containsKey(name) : otherwise;
    }

    /** Returns the pictures of the gallery to be compared; empty if a folder is named. */
    public List<String> pictures() {
        return Arrays.stream(value(PICTURES, "").split(",")).filter(id -> !id.isBlank()).toList();
    }

    /**
     * Reads the pictures to be compared.
     *
     * @throws UserException if none are named, or nothing among them can be compared
     */
    StudyPictures material(PickedPictures picked) {
        String source = value("source", "").strip();
        if (!pictures().isEmpty() && !source.isEmpty()) {
            throw new UserException("name pictures of the gallery or a source, not both");
        }
        if (!pictures().isEmpty()) {
            return picked.material(pictures());
        }
        if (source.isEmpty()) {
            throw new UserException("name the folder or list with the pictures");
        }
        return Sources.read(path(source));
    }

    Study make(StudyStore store, StudyPictures material) {
        return request().make(store, material);
    }

    private StudyRequest request() {
        StudyRequestBuilder request =
                StudyRequest.titled(value("title", "").strip())
                        .introduction(value("introduction", "").strip())
                        .questions(questions())
                        .arrangement(
                                either("arrangement", "pairs", "all")
                                        ? StudySettings.Arrangement.PAIRS
                                        : StudySettings.Arrangement.ALL)
                        .ties(ticked("ties", true))
                        .stop(
                                either("stop", "votes", "sequence")
                                        ? StoppingRule.Kind.VOTES
                                        : StoppingRule.Kind.SEQUENCE)
                        .admission(admission())
                        .consent(terms());
        number("votes").ifPresent(request::votes);
        number("trials").ifPresent(request::trials);
        number("raters").ifPresent(request::raters);
        number("repeats").ifPresent(request::repeats);
        number("checks").ifPresent(request::checks);
        number("training").ifPresent(request::training);
        number("minMillis").ifPresent(request::minMillis);
        number("seed").ifPresent(request::seed);
        String styles = value("styles", "").strip();
        if (!styles.isEmpty()) {
            request.styles(path(styles));
        }
        return request.build();
    }

    /**
     * Returns whether a field has the first of two values, which is its default.
     *
     * @throws UserException if it has neither
     */
    private boolean either(String name, String first, String second) {
        String text = value(name, first);
        if (!text.equals(first) && !text.equals(second)) {
            throw new UserException(
                    "%s must be %s or %s, not \"%s\"".formatted(name, first, second, text));
        }
        return text.equals(first);
    }

    private List<String> questions() {
        return Arrays.stream(value("questions", "").split("\\R"))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private Admission admission() {
        Admission plain = Admission.DEFAULT;
        return new Admission(
                ticked("invitationsOnly", false),
                number("ratersPerAddress").orElse(plain.ratersPerAddress()),
                number("joinsPerMinute").orElse(plain.joinsPerMinute()),
                number("idleMinutes").orElse(plain.idleMinutes()));
    }

    private ConsentTerms terms() {
        return new ConsentTerms(
                value("askedBy", "").strip(),
                value("contact", "").strip(),
                value("purpose", "").strip(),
                value("retention", "").strip(),
                value("publication", "").strip(),
                number("minimumAge").orElse(ConsentTerms.DEFAULT.minimumAge()));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException("\"%s\" is no path".formatted(text), e);
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
                                .ifPresent(found -> refuse(name, found)));
    }

    private static void refuse(String name, String found) {
        throw new PageException(
                400,
                "the field %s has the control character %s; remove it"
                        .formatted(ControlCharacters.removed(name), found));
    }

    private Optional<Integer> number(String name) {
        String text = value(name, "").strip();
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException e) {
            throw new UserException("%s \"%s\" is no whole number".formatted(name, text), e);
        }
    }
}
