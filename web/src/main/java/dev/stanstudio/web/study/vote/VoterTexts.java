package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Language;
import dev.stanstudio.web.server.PageLanguage;
import dev.stanstudio.web.server.TextBundle;
import dev.stanstudio.web.server.Texts;
import dev.stanstudio.web.study.result.Ending;
import io.javalin.http.Context;
import java.util.List;

/** Texts of the voters' pages, in the language of a request. */
final class VoterTexts {
    /** Keys of the questions that the program itself proposes; authors' own are shown as given. */
    private static final List<String> QUESTIONS =
            List.of(
                    "question.better",
                    "question.closer",
                    "question.text",
                    "question.closest",
                    "question.made",
                    "question.paper");

    private VoterTexts() {}

    static Texts of(Context ctx) {
        return TextBundle.VOTER.in(PageLanguage.of(ctx));
    }

    /** Returns the key of the sentence that says how a study ended. */
    static String ending(Ending ending) {
        return switch (ending) {
            case EARLY -> "thanks.early";
            case LOCKED -> "thanks.locked";
            case OPEN, ENOUGH -> "thanks.enough";
        };
    }

    /** Returns the translation of one of the program's questions; any other text as it is. */
    static String question(Texts texts, String asked) {
        Texts english = TextBundle.VOTER.in(Language.ENGLISH);
        return QUESTIONS.stream()
                .filter(key -> english.of(key).equals(asked))
                .findFirst()
                .map(texts::of)
                .orElse(asked);
    }
}
