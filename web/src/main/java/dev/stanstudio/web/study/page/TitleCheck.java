package dev.stanstudio.web.study.page;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.source.Sources;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Finds names of methods in the title of a study, which voters read. Stateless. */
final class TitleCheck {
    private static final Pattern GAP = Pattern.compile("[^\\p{L}\\p{N}]+");

    /** Shorter beginnings of names are parts of ordinary words. */
    private static final int LEAST_LETTERS = 3;

    private TitleCheck() {}

    /** Returns the methods whose name, or the first word of it, stands in the title. */
    static List<String> named(String title, Collection<String> methods) {
        String words = spaced(title);
        return methods.stream().filter(method -> names(words, spaced(method))).toList();
    }

    private static boolean names(String words, String method) {
        String first = method.strip().split(" ", 2)[0];
        boolean telling = first.length() >= LEAST_LETTERS && !MethodNames.isModelAlone(method);
        return telling && words.contains(" " + first + " ");
    }

    private static String spaced(String text) {
        return " " + GAP.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip() + " ";
    }

    /** Returns the methods of a form whose source may be half typed; none if there is no such. */
    static List<String> methods(StudyForm form, PickedPictures picked) {
        try {
            String source = form.value("source", "").strip();
            if (!form.pictures().isEmpty()) {
                return picked.material(form.pictures()).methods();
            }
            return source.isEmpty() ? List.of() : Sources.methods(Path.of(source));
        } catch (UserException | InvalidPathException unfinished) {
            return List.of(); // Making the study says what is wrong with the source.
        }
    }
}
