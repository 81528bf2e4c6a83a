package dev.stanstudio.web.study.source;

import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.plan.StudySettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Refuses studies that ask about a style that some trial would not show. */
public final class AskedStyles {
    private static final Pattern ABOUT_STYLE =
            Pattern.compile("\\b(the|this|that|its) style\\b", Pattern.CASE_INSENSITIVE);

    private AskedStyles() {}

    /**
     * Checks that every style has reference pictures, if there are any, and that questions about
     * the style can be answered.
     *
     * @param styles folder of reference pictures; null for none
     * @throws UserException that names the styles, or the question, and what to change
     */
    public static void require(
            StudySettings settings, StudyPictures material, @Nullable Path styles) {
        if (styles == null) {
            settings.questions().forEach(question -> requireNamed(question, material));
        } else {
            requireReferences(material, styles);
        }
    }

    private static void requireReferences(StudyPictures material, Path styles) {
        List<String> missing =
                material.rows().stream()
                        .map(StudyPictures.Row::style)
                        .distinct()
                        .filter(style -> Sources.references(styles, style, 1).isEmpty())
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        String named =
                missing.stream()
                        .map(style -> style.isEmpty() ? "prompts without one" : shown(style))
                        .collect(Collectors.joining(", "));
        throw new UserException(
                """
                %s has no pictures of the %s %s; put some there into a folder of the style's name, \
                or name no folder of style pictures\
                """
                        .formatted(styles, missing.size() == 1 ? "style" : "styles", named));
    }

    private static String shown(String style) {
        return StyleNames.shown(style);
    }

    private static void requireNamed(String question, StudyPictures material) {
        long unnamed = material.rows().stream().filter(row -> !namesStyle(row)).count();
        if (unnamed > 0 && ABOUT_STYLE.matcher(question).find()) {
            throw new UserException(
                    """
                    "%s" cannot be answered for %d of %d prompts, which have no style; ask \
                    something else, name a folder of style pictures, or choose pictures with styles\
                    """
                            .formatted(question, unnamed, material.rows().size()));
        }
    }

    /** Prompts of folders carry no style of their own, but may name one in their words. */
    private static boolean namesStyle(StudyPictures.Row row) {
        return !row.style().isBlank() || row.prompt().toLowerCase(Locale.ROOT).contains("style");
    }
}
