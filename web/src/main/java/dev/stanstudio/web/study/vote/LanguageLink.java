package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Language;
import dev.stanstudio.web.server.PageLanguage;
import dev.stanstudio.web.server.TextBundle;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An entry of the menu of languages.
 *
 * @param href relative address of the same page in the language
 * @param current whether the page is in this language
 */
public record LanguageLink(Language language, String href, boolean current) {
    private static final int MOST_KEPT = 10;
    private static final int LONGEST = 100;

    /** Returns what the address of a page carries, such as an invitation, without its language. */
    static Map<String, String> kept(Context ctx) {
        Map<String, String> kept = new LinkedHashMap<>();
        ctx.queryParamMap()
                .forEach(
                        (name, values) -> {
                            if (!name.equals(PageLanguage.PARAMETER)
                                    && kept.size() < MOST_KEPT
                                    && name.length() <= LONGEST
                                    && values.get(0).length() <= LONGEST) {
                                kept.put(name, values.get(0));
                            }
                        });
        return kept;
    }

    /**
     * Returns the menu.
     *
     * @param kept names and values that the page's address carries
     */
    static List<LanguageLink> menu(Language current, Map<String, String> kept) {
        StringBuilder before = new StringBuilder("?");
        kept.forEach(
                (name, value) ->
                        before.append(encoded(name))
                                .append('=')
                                .append(encoded(value))
                                .append('&'));
        return TextBundle.VOTER.languages().stream()
                .map(
                        one ->
                                new LanguageLink(
                                        one,
                                        before + PageLanguage.PARAMETER + "=" + one.tag(),
                                        one == current))
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
