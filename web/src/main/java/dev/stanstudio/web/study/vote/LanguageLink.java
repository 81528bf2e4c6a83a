package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Language;
import dev.stanstudio.web.server.PageLanguage;
import dev.stanstudio.web.server.TextBundle;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An entry of the menu of languages.
 *
 * @param href relative address of the same page in the language
 * @param current whether the page is in this language
 */
public record LanguageLink(Language language, String href, boolean current) {
    /**
     * Returns the menu.
     *
     * @param invitation token that the page's address carries; may be empty
     */
    static List<LanguageLink> menu(Language current, String invitation) {
        String before =
                invitation.isEmpty()
                        ? "?"
                        : "?%s=%s&"
                                .formatted(
                                        Visit.INVITATION,
                                        URLEncoder.encode(invitation, StandardCharsets.UTF_8));
        return TextBundle.VOTER.languages().stream()
                .map(
                        one ->
                                new LanguageLink(
                                        one,
                                        before + PageLanguage.PARAMETER + "=" + one.tag(),
                                        one == current))
                .toList();
    }
}
