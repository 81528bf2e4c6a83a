package dev.stanstudio.web.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    private static final String SUFFIX = ".java";

    private static final ImportOption NO_TEST_JARS = location -> !location.contains("-tests.jar");

    private static final JavaClasses PROGRAM =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(NO_TEST_JARS)
                    .importPackages("dev.stanstudio");

    private static final JavaClasses OFFENDERS =
            new ClassFileImporter()
                    .importClasses(
                            dev.stanstudio.adapter.offender.Offender.class,
                            dev.stanstudio.base.offender.Offender.class,
                            dev.stanstudio.datasets.offender.Offender.class,
                            dev.stanstudio.pretrain.offender.Offender.class,
                            dev.stanstudio.scoring.offender.Offender.class,
                            dev.stanstudio.scoring.spark.offender.Offender.class,
                            dev.stanstudio.sd3.offender.Offender.class,
                            dev.stanstudio.stray.Offender.class,
                            dev.stanstudio.synth.offender.Offender.class);

    static List<ArchRule> rules() {
        return Architecture.rules();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theProgramKeeps(ArchRule rule) {
        rule.check(PROGRAM);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void anOffenderIsCaughtBy(ArchRule rule) {
        assertTrue(rule.evaluate(OFFENDERS).hasViolation());
    }

    /** Rules over nothing hold, so the scan has to have seen a class for every source file. */
    @Test
    void everySourceFileOfEveryModuleWasScanned() throws IOException {
        Set<String> scanned = PROGRAM.stream().map(JavaClass::getName).collect(Collectors.toSet());
        Set<String> missed = sourceFiles();
        int expected = missed.size();
        missed.removeAll(scanned);
        assertTrue(missed.isEmpty(), () -> "not scanned: " + missed);
        assertTrue(
                expected >= 10,
                () ->
                        "only "
                                + expected
                                + " source files found beside "
                                + Path.of("").toAbsolutePath());
    }

    /** The classes of all modules' main sources; Maven runs tests in the module's folder. */
    private static Set<String> sourceFiles() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String modules : List.of("..", "../datasets", "../scoring")) {
            try (DirectoryStream<Path> folders =
                    Files.newDirectoryStream(Path.of(modules), Files::isDirectory)) {
                for (Path module : folders) {
                    Path sources = module.resolve("src/main/java");
                    if (Files.isDirectory(sources)) {
                        names.addAll(classNames(sources));
                    }
                }
            }
        }
        return names;
    }

    private static List<String> classNames(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.map(file -> sources.relativize(file).toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .filter(file -> !file.endsWith("package-info" + SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .map(file -> file.replace(File.separatorChar, '.'))
                    .toList();
        }
    }
}
