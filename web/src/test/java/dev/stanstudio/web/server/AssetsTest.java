package dev.stanstudio.web.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The style sheets, scripts and templates of the program fit each other. */
class AssetsTest {
    private static final Path FILES = Path.of("src/main/resources/dev/stanstudio/web/assets");
    private static final Path TEMPLATES = Path.of("src/main/jte");
    private static final Pattern IMPORTED = Pattern.compile("(?m)^import [^\"]*\"([^\"]*)\"");
    private static final Pattern NAMED = Pattern.compile("Assets\\.\\w+\\(\"([^\"]+)\"\\)");
    private static final Pattern SELECTORS = Pattern.compile("([^{};]+)\\{");
    private static final Pattern CLASS = Pattern.compile("\\.([a-zA-Z][\\w-]*)");

    private static List<String> names(String ending) throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
    }

    @Test
    void scriptsImportAddressesOfScripts() throws IOException {
        Set<String> addresses = new TreeSet<>();
        List<String> imported = new ArrayList<>();
        for (String name : names(".js")) {
            addresses.add(Assets.path(name));
            imported.addAll(groups(IMPORTED, Assets.text(name)));
        }
        assertFalse(imported.isEmpty());
        assertTrue(addresses.containsAll(imported), imported.toString());
    }

    @Test
    void templatesNameFilesThatAreThere() throws IOException {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> files = Files.walk(TEMPLATES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                named.addAll(groups(NAMED, Files.readString(file)));
            }
        }
        assertTrue(named.contains("base.css"), named.toString());
        named.forEach(Assets::path);
        List<String> unused = names(".css");
        assertEquals(List.of(), unused.stream().filter(sheet -> !named.contains(sheet)).toList());
    }

    /** Sheets of pages may refine what the base sheet has, but no class has two meanings. */
    @Test
    void everyClassHasOneSheet() throws IOException {
        Map<String, Set<String>> sheets = new TreeMap<>();
        for (String name : names(".css")) {
            String text = Assets.text(name).replaceAll("(?s)/\\*.*?\\*/", "");
            groups(SELECTORS, text).stream()
                    .flatMap(selector -> groups(CLASS, selector).stream())
                    .forEach(c -> sheets.computeIfAbsent(c, k -> new TreeSet<>()).add(name));
        }
        assertTrue(sheets.size() > 100, sheets.toString());
        assertEquals(
                Map.of(),
                sheets.entrySet().stream()
                        .filter(e -> !e.getValue().contains("base.css") && e.getValue().size() > 1)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
}
