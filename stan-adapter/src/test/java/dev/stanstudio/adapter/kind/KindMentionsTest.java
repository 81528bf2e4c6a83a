package dev.stanstudio.adapter.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A kind is named by itself and by what only it has; everything else asks {@link AdapterKind}. */
final class KindMentionsTest {
    private static final String OWN = "adapter/kind/";

    /** Classes outside of the package that name a kind, each for what only this kind has. */
    private static final Map<String, String> ALLOWED =
            Map.ofEntries(
                    // file formats
                    Map.entry("AdapterFile", "LORA"),
                    Map.entry("HadamardChange", "loha"),
                    Map.entry("InputRotation", "boft oft"),
                    Map.entry("KroneckerChange", "lokr"),
                    Map.entry("LoraFile", "LORA"),
                    Map.entry("LoraWriter", "Lora"),
                    Map.entry("LowRankChange", "dora"),
                    Map.entry("OutputRotation", "boft oft"),
                    Map.entry("PeftType", "boft dora loha lokr oft"),
                    Map.entry("SparseStorage", "SparseMask"),
                    // mechanisms of a training
                    Map.entry("BudgetAllocation", "AdaLora"),
                    Map.entry("MaskSelection", "SparseMask"),
                    Map.entry("TrainingHooks", "AdaLora SparseMask"),
                    // what merging or converting makes
                    Map.entry("Conversion", "Lora"),
                    Map.entry("JoinedLora", "Lora"),
                    Map.entry("JoinedMasks", "SparseMask"),
                    Map.entry("JoinedStan", "Stan"));

    /** An import of a kind, a constant of {@link KindName}, or a label as a text. */
    private static final Pattern MENTION =
            Pattern.compile(
                    "adapter\\.kind\\.(%s)\\b|\\bKindName\\.(%s)\\b|\"(%s)\""
                            .formatted(
                                    types(),
                                    names().map(Enum::name).collect(Collectors.joining("|")),
                                    String.join("|", KindName.labels())));

    private static Stream<KindName> names() {
        return Arrays.stream(KindName.values());
    }

    private static String types() {
        return Arrays.stream(AdapterKind.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .collect(Collectors.joining("|"));
    }

    private static Set<String> mentions(String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = MENTION.matcher(text);
        while (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                if (matcher.group(group) != null) {
                    found.add(matcher.group(group));
                }
            }
        }
        return found;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> adapter = Files.walk(Path.of("src/main/java"));
                Stream<Path> web = Files.walk(Path.of("../web/src/main"))) {
            return Stream.concat(adapter, web)
                    .filter(file -> file.toString().matches(".*\\.(java|jte)"))
                    .filter(file -> !file.toString().replace('\\', '/').contains(OWN))
                    .toList();
        }
    }

    @Test
    void everyKindHasOneName() {
        Set<Class<?>> named = names().map(KindName::type).collect(Collectors.toSet());
        assertEquals(Set.of(AdapterKind.class.getPermittedSubclasses()), named);
        assertEquals(KindName.values().length, Set.copyOf(KindName.labels()).size());
    }

    @Test
    void noOtherClassNamesAKind() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path file : sources()) {
            Set<String> mentions = mentions(Files.readString(file));
            if (!mentions.isEmpty()) {
                String name = file.getFileName().toString().replaceFirst("\\.java$", "");
                found.put(name, String.join(" ", mentions));
            }
        }
        assertEquals(new TreeMap<>(ALLOWED), found);
    }

    @Test
    void aMentionIsSeenInEachOfItsForms() {
        assertEquals(Set.of("Stan"), mentions("import dev.stanstudio.adapter.kind.Stan;"));
        assertEquals(Set.of("SORA"), mentions("kind.name() == KindName.SORA"));
        assertEquals(Set.of("adalora"), mentions("case \"adalora\" -> 1;"));
        assertTrue(mentions("import dev.stanstudio.adapter.kind.Width; // stan").isEmpty());
    }
}
