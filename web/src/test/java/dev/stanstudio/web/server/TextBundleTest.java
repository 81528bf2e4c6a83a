package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every bundle has the same texts in every language, and pages say nothing but these. */
class TextBundleTest {
    private static final Path TEMPLATES = Path.of("src/main/jte");
    private static final Path JAVA = Path.of("src/main/java/dev/stanstudio/web");
    private static final Path FILES =
            Path.of("src/main/resources/dev/stanstudio/web/server/language");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d}");
    private static final Pattern KEY = Pattern.compile("\"([a-z]+(?:\\.[a-zA-Z]+)+)\"");
    private static final Pattern BASE = Pattern.compile("(.*)\\.(one|other)");

    /** "Publication" is French, too, and Chinese quotes as English does. */
    private static final Set<String> SAME = Set.of("consent.publication", "trial.prompt");

    private static String base(String key) {
        return BASE.matcher(key).replaceFirst("$1");
    }

    private static boolean counted(String key) {
        return BASE.matcher(key).matches();
    }

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @EnumSource
    void languagesHaveTheSameTexts(TextBundle bundle) {
        Texts english = bundle.in(Language.ENGLISH);
        Set<String> bases = english.keys().stream().map(TextBundleTest::base).collect(asSet());
        for (Language language : bundle.languages()) {
            Texts texts = bundle.in(language);
            assertEquals(language, texts.language());
            assertEquals(
                    bases,
                    texts.keys().stream().map(TextBundleTest::base).collect(asSet()),
                    bundle.file(language));
            for (String key : texts.keys()) {
                String where = bundle.file(language) + " " + key;
                assertFalse(texts.raw(key).isBlank(), where);
                assertEquals(texts.raw(key).strip(), texts.raw(key), where);
                if (counted(key)) {
                    assertEquals(forms(language, base(key)), formsIn(texts, base(key)), where);
                }
                checkPlaceholders(english, texts, key, where);
            }
        }
    }

    private static Set<String> forms(Language language, String base) {
        return language.forms().stream().map(form -> form.of(base)).collect(asSet());
    }

    private static Set<String> formsIn(Texts texts, String base) {
        return texts.keys().stream()
                .filter(k -> counted(k) && base(k).equals(base))
                .collect(asSet());
    }

    /** The singular may say its number in a word, or not at all. */
    private static void checkPlaceholders(Texts english, Texts texts, String key, String where) {
        String like = counted(key) ? Plural.OTHER.of(base(key)) : key;
        Set<String> expected = placeholders(english.raw(like));
        Set<String> found = placeholders(texts.raw(key));
        if (key.endsWith(".one")) {
            assertTrue(expected.containsAll(found), where);
        } else {
            assertEquals(expected, found, where);
        }
        assertEquals(-1, PLACEHOLDER.matcher(texts.raw(key)).replaceAll("").indexOf('{'), where);
    }

    private static java.util.stream.Collector<String, ?, Set<String>> asSet() {
        return Collectors.toCollection(TreeSet::new);
    }

    /** A translation that was forgotten would be the English text. */
    @ParameterizedTest
    @EnumSource
    void textsAreTranslated(TextBundle bundle) {
        Texts english = bundle.in(Language.ENGLISH);
        for (Language language : bundle.languages()) {
            if (language != Language.ENGLISH) {
                Texts texts = bundle.in(language);
                List<String> same =
                        texts.keys().stream()
                                .filter(english.keys()::contains)
                                .filter(key -> texts.raw(key).equals(english.raw(key)))
                                .filter(key -> !SAME.contains(key))
                                .toList();
                assertEquals(List.of(), same, bundle.file(language));
            }
        }
    }

    /** A second definition of a key would silently replace the first. */
    @Test
    void filesDefineEachKeyOnce() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            for (Path file : files.toList()) {
                Set<String> keys = new HashSet<>();
                for (String line : Files.readAllLines(file)) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        String key = line.substring(0, line.indexOf('='));
                        assertTrue(keys.add(key), file + " has " + key + " twice");
                        assertFalse(line.endsWith("\\"), file + " " + key);
                    }
                }
                assertFalse(keys.isEmpty(), file.toString());
            }
        }
    }

    @Test
    void pagesUseTheTextsThatThereAre() throws IOException {
        Set<String> defined = new TreeSet<>();
        for (TextBundle bundle : TextBundle.values()) {
            bundle.in(Language.ENGLISH).keys().forEach(key -> defined.add(base(key)));
        }
        Set<String> used = new TreeSet<>();
        for (Path file : sources()) {
            KEY.matcher(Files.readString(file)).results().forEach(m -> used.add(m.group(1)));
        }
        Set<String> unused = new TreeSet<>(defined);
        unused.removeAll(used);
        unused.removeIf(key -> key.startsWith("navigation."));
        assertEquals(Set.of(), unused);
        // Each text of a template exists; Java files have other words with dots, too.
        for (Path template : templates("vote")) {
            Set<String> wanted =
                    Pattern.compile("(?:of|counted)\\((?:view\\.done\\(\\) \\? )?\"([^\"]+)\"")
                            .matcher(Files.readString(template))
                            .results()
                            .map(m -> m.group(1))
                            .collect(asSet());
            assertTrue(defined.containsAll(wanted), template + " " + wanted);
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path root : List.of(TEMPLATES, JAVA)) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(Files::isRegularFile).forEach(all::add);
            }
        }
        return all;
    }

    private static List<Path> templates(String folder) throws IOException {
        try (Stream<Path> files = Files.list(TEMPLATES.resolve(folder))) {
            return files.sorted().toList();
        }
    }

    /** Between tags, and in attributes that are read out, stands no word of any language. */
    @Test
    void votersPagesSayNothingElse() throws IOException {
        List<Path> templates = templates("vote");
        assertTrue(templates.size() >= 12, templates.toString());
        for (Path template : templates) {
            String page =
                    withoutExpressions(Files.readString(template))
                            .replaceAll("(?m)^\\s*@(import|param|template).*$", "")
                            .replaceAll(
                                    "@(if|elseif|for)\\(((?:[^()]|\\([^()]*\\)|\\((?:[^()]|\\([^()]*\\))*\\))*)\\)",
                                    "")
                            .replaceAll("@(else|endif|endfor)", "");
            Pattern.compile("(?:aria-label|alt|title|placeholder)=\"([^\"]*)\"")
                    .matcher(page)
                    .results()
                    .forEach(m -> assertEquals("", m.group(1), template.toString()));
            String words =
                    page.replaceAll("(?s)<[^>]*>", " ")
                            .replaceAll("&#?\\w+;", " ")
                            .replaceAll("[^\\p{IsAlphabetic}]+", " ")
                            .strip();
            assertEquals("", words, template.toString());
        }
    }

    /** Removes {@code ${…}} and {@code !{…}}, in which strings may hold braces. */
    private static String withoutExpressions(String template) {
        StringBuilder kept = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (depth == 0 && (c == '$' || c == '!') && template.startsWith("{", i + 1)) {
                depth = 1;
                i++;
            } else if (depth > 0) {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            } else {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
