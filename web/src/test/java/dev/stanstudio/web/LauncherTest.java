package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code studio} with a Java and a Maven that only write down how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LauncherTest {
    private static final String JAVA =
            """
            #!/bin/sh
            for arg in "$@"; do
                case $arg in -XX:SharedArchiveFile=*.new) echo archive >"${arg#*=}"; exit ;; esac
                case $arg in -XX:DumpLoadedClassList=*) echo H >"${arg#*=}"; exit ;; esac
            done
            printf '<%s>' "$@"
            echo " THP=$THP_MEM_ALLOC_ENABLE TRACK=$OPT_OUT_TRACKING PWD=$PWD LC_ALL=${LC_ALL:-}"
            """;

    private static final String MAVEN =
            """
            #!/bin/sh
            echo "$PWD $*" >>"$BUILDS"
            case "$*" in
                *scoring/spark*) mkdir -p scoring/spark/target && : >scoring/spark/target/scoring-spark.jar ;;
                *) mkdir -p web/target && : >web/target/web.jar ;;
            esac
            """;

    private static final String BROKEN_MAVEN =
            """
            #!/bin/sh
            echo 'no such symbol'
            exit 1
            """;

    private static final String JAVA_WITHOUT_ARCHIVES =
            """
            #!/bin/sh
            case "$*" in *:Dump* | *:Shared*) exit 1 ;; esac
            echo ran
            """;

    @TempDir private Path temporary;
    private Path home = Path.of("");
    private Path jdk = Path.of("");
    private Path builds = Path.of("");

    private record Launch(int code, String out, String err) {}

    @BeforeEach
    void layOut() throws IOException {
        home = temporary.toRealPath().resolve("a home");
        jdk = home.resolveSibling("jdk");
        builds = home.resolveSibling("builds");
        Files.createDirectories(home.resolve("web/src/main"));
        Files.createDirectories(jdk.resolve("bin"));
        Files.copy(Path.of("..", "studio"), home.resolve("studio"));
        Files.writeString(home.resolve("pom.xml"), "");
        javaVersion("21.0.1+12");
        tool("java", JAVA);
        tool("javac", "#!/bin/sh\n");
        tool("mvn", MAVEN);
    }

    private void tool(String name, String script) throws IOException {
        Path file = jdk.resolve("bin").resolve(name);
        Files.writeString(file, script);
        assertTrue(file.toFile().setExecutable(true));
    }

    private void javaVersion(String version) throws IOException {
        Files.writeString(jdk.resolve("release"), "JAVA_RUNTIME_VERSION=\"" + version + "\"\n");
    }

    private Process start(Path script, Map<String, String> more, String... args)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(
                        key ->
                                key.startsWith("LC_")
                                        || key.startsWith("STUDIO_")
                                        || key.startsWith("THP_"));
        environment.put("LANG", "C");
        environment.put("JAVA_HOME", jdk.toString());
        environment.put("BUILDS", builds.toString());
        environment.put("PATH", jdk.resolve("bin") + ":" + System.getenv("PATH"));
        environment.putAll(more);
        return builder.start();
    }

    private static Launch end(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Launch(process.waitFor(), out, err);
    }

    private Launch launch(String... args) throws Exception {
        return end(start(home.resolve("studio"), Map.of(), args));
    }

    private List<String> builds() throws IOException {
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    @Test
    void theFirstLaunchBuildsAndTheNextOnesDoNot() throws Exception {
        Launch first = launch("generate", "--prompt", "a  cat*", "--out", "x.png");
        Launch second = launch("--version");
        assertAll(
                () -> assertEquals(0, first.code(), first.err()),
                () -> assertEquals("studio: building…\n", first.err()),
                () ->
                        assertTrue(
                                first.out().contains("<generate><--prompt><a  cat*><--out><x.png>"),
                                first.out()),
                () ->
                        assertTrue(
                                first.out().contains("PWD=" + temporary.toRealPath()), first.out()),
                () -> assertEquals("", second.err()),
                () -> assertEquals(1, builds().size()),
                () -> assertTrue(builds().get(0).startsWith(home + " "), builds().get(0)));
    }

    @Test
    void aChangedOrRemovedSourceBuildsAgain() throws Exception {
        Path source = Files.writeString(home.resolve("web/src/main/A.java"), "");
        launch("--version");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals("studio: building…\n", launch("--version").err());
        Files.delete(source);
        Files.setLastModifiedTime(
                home.resolve("web/src/main"), FileTime.from(Instant.now().plusSeconds(10)));
        assertEquals("studio: building…\n", launch("--version").err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pom.xml",
                "datasets/pom.xml",
                "datasets/src/main/java/A.java",
                "datasets/base/pom.xml",
                "datasets/base/src/main/java/A.java",
                "datasets/synth/src/main/resources/a.txt",
                "sd3-runtime/src/main/resources/a.ts.py",
                "stan-adapter/src/main/java/A.java",
                "scoring/src/main/java/A.java",
                "scoring/pretrain/pom.xml",
                "scoring/pretrain/src/main/java/A.java",
                "web/src/main/jte/a.jte"
            })
    void aChangeInAnyModuleBuildsAgain(String name) throws Exception {
        Path source = home.resolve(name);
        Files.createDirectories(source.getParent());
        Files.writeString(source, "");
        launch("--version");
        assertEquals("", launch("--version").err());
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals("studio: building…\n", launch("--version").err());
        assertEquals(2, builds().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "datasets/base/src/test/java/ATest.java",
                "scoring/pretrain/target/A.class",
                "docs/a.md"
            })
    void testsDocumentsAndOutputsBuildNothing(String name) throws Exception {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
        launch("--version");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals("", launch("--version").err());
    }

    @Test
    void sparkIsBuiltAndOnTheClassPathOnlyWhenItIsAskedFor() throws Exception {
        Launch plain = launch("score", "pictures");
        Launch asked = launch("score", "pictures", "--spark-master", "local[2]");
        Launch again = launch("score", "pictures", "--spark-master=local[2]");
        assertAll(
                () -> assertFalse(plain.out().contains("spark"), plain.out()),
                () -> assertEquals("studio: building the part for Spark…\n", asked.err()),
                () -> assertTrue(asked.out().contains("/scoring/spark/target/lib/*:"), asked.out()),
                () ->
                        assertTrue(
                                asked.out()
                                        .contains("<--add-opens=java.base/sun.nio.ch=ALL-UNNAMED>"),
                                asked.out()),
                () ->
                        assertTrue(
                                asked.out().contains("<score><pictures><--spark-master><local[2]>"),
                                asked.out()),
                () -> assertEquals("", again.err()),
                () -> assertEquals(2, builds().size()));
    }

    @Test
    void launchesAtOnceBuildOnce() throws Exception {
        tool("mvn", MAVEN + "sleep 1\n");
        List<Process> launches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            launches.add(start(home.resolve("studio"), Map.of(), "--version"));
        }
        for (Process process : launches) {
            Launch launch = end(process);
            assertEquals(0, launch.code(), launch.err());
        }
        assertEquals(1, builds().size());
    }

    @Test
    void theLockOfADeadBuildIsTaken() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        Path lock = Files.createDirectories(home.resolve("target/launcher")).resolve("lock");
        Files.createSymbolicLink(lock, Path.of(Long.toString(dead.pid())));
        assertEquals(0, launch("--version").code());
        assertFalse(Files.isSymbolicLink(lock));
    }

    @Test
    void aFailedBuildShowsItsOutputAndIsTriedAgain() throws Exception {
        tool("mvn", BROKEN_MAVEN);
        Launch failed = launch("--version");
        List<String> told = failed.err().lines().toList();
        tool("mvn", MAVEN);
        assertAll(
                () -> assertEquals(1, failed.code()),
                () -> assertEquals("", failed.out()),
                () -> assertEquals("studio: building…", told.get(0)),
                () -> assertEquals("no such symbol", told.get(1)),
                () -> assertTrue(told.get(2).startsWith("studio: the build failed"), told.get(2)),
                () -> assertEquals(3, told.size()),
                () -> assertEquals(0, launch("--version").code()));
    }

    @Test
    void aSymlinkToTheScriptWorksFromAnywhere() throws Exception {
        Path near = Files.createSymbolicLink(home.resolveSibling("near"), Path.of("a home/studio"));
        Path far =
                Files.createSymbolicLink(
                        Files.createDirectory(temporary.resolve("bin")).resolve("far"), near);
        Launch launch = end(start(far, Map.of(), "doctor"));
        assertAll(
                () -> assertEquals(0, launch.code(), launch.err()),
                () ->
                        assertTrue(
                                launch.out()
                                        .contains(
                                                "<-jar><" + home + "/web/target/web.jar><doctor>"),
                                launch.out()));
    }

    /** As mvn -Pdist lays it out. */
    @Test
    void aDistributionBuildsNothingAndBringsItsModels() throws Exception {
        Path unpacked = home.resolveSibling("a distribution");
        Path script = Files.createDirectories(unpacked.resolve("bin")).resolve("studio");
        Files.copy(home.resolve("studio"), script);
        Files.writeString(Files.createDirectories(unpacked.resolve("app")).resolve("web.jar"), "");
        Launch launch = end(start(script, Map.of(), "doctor"));
        assertAll(
                () -> assertEquals(0, launch.code(), launch.err()),
                () -> assertEquals("", launch.err()),
                () -> assertEquals(List.of(), builds()),
                () ->
                        assertTrue(
                                launch.out()
                                        .contains(
                                                "<-Dstudio.models="
                                                        + unpacked
                                                        + "/models/diffusion>"),
                                launch.out()),
                () ->
                        assertTrue(
                                launch.out()
                                        .contains("<-jar><" + unpacked + "/app/web.jar><doctor>"),
                                launch.out()),
                () -> assertTrue(Files.isDirectory(unpacked.resolve("app/state"))));
    }

    /**
     * As the zip that brings a Java along: nothing is on the path, and another Java is no matter.
     */
    @Test
    void aDistributionWithItsOwnJavaNeedsNoPath() throws Exception {
        Path unpacked = home.resolveSibling("a distribution");
        Path script = Files.createDirectories(unpacked.resolve("bin")).resolve("studio");
        Files.copy(home.resolve("studio"), script);
        Files.writeString(Files.createDirectories(unpacked.resolve("app")).resolve("web.jar"), "");
        Path java = Files.createDirectories(unpacked.resolve("runtime/bin")).resolve("java");
        Files.writeString(
                java,
                """
                #!/bin/sh
                case "$*" in *:Dump* | *:Shared* | *-Xshare:dump*) exit 1 ;; esac
                printf own
                printf '<%s>' "$@"
                """);
        assertTrue(java.toFile().setExecutable(true));
        Files.writeString(
                unpacked.resolve("runtime/release"), "JAVA_VERSION=\"17.0.15\"\nMODULES=\"x\"\n");
        Launch launch = end(start(script, Map.of("PATH", "", "JAVA_HOME", "/nowhere"), "doctor"));
        assertAll(
                () -> assertEquals(0, launch.code(), launch.err()),
                () -> assertEquals("", launch.err()),
                () -> assertTrue(launch.out().startsWith("own<"), launch.out()),
                () ->
                        assertTrue(
                                launch.out()
                                        .contains("<-jar><" + unpacked + "/app/web.jar><doctor>"),
                                launch.out()));
    }

    @Test
    void javaIsStartedWithTheUsersOptionsLast() throws Exception {
        launch("--version");
        Map<String, String> own =
                Map.of("STUDIO_JAVA_OPTS", "-XX:+UseG1GC -Dx=*", "THP_MEM_ALLOC_ENABLE", "0");
        Launch plain = launch("doctor");
        Launch chosen = end(start(home.resolve("studio"), own, "doctor"));
        assertAll(
                () -> assertTrue(plain.out().contains("<-Dai.djl.offline=true>"), plain.out()),
                () -> assertTrue(plain.out().contains("<-XX:SharedArchiveFile="), plain.out()),
                () -> assertTrue(plain.out().contains(" THP=1 TRACK=true "), plain.out()),
                () -> assertTrue(plain.out().endsWith(" LC_ALL=C.UTF-8\n"), plain.out()),
                () -> assertFalse(plain.out().contains("--enable-native-access"), plain.out()),
                () ->
                        assertTrue(
                                chosen.out().contains("<-XX:+UseG1GC><-Dx=*><-jar>"), chosen.out()),
                () -> assertTrue(plain.out().contains("<-XX:+UseSerialGC>"), plain.out()),
                () -> assertFalse(chosen.out().contains("<-XX:+UseSerialGC>"), chosen.out()),
                () -> assertTrue(chosen.out().contains(" THP=0 "), chosen.out()));
    }

    @Test
    void newerJavaIsAllowedToLoadTheEngine() throws Exception {
        javaVersion("25.0.3+9-LTS");
        Launch launch = launch("doctor");
        assertTrue(launch.out().contains("<--enable-native-access=ALL-UNNAMED>"), launch.out());
    }

    @Test
    void withoutAnArchiveTheProgramStartsAllTheSame() throws Exception {
        tool("java", JAVA_WITHOUT_ARCHIVES);
        assertEquals("ran\n", launch("doctor").out());
        assertEquals(new Launch(0, "ran\n", ""), launch("doctor"));
    }

    @Test
    void aWorkingFolderThatWasRemovedIsToldInOneLine() throws Exception {
        Path gone = Files.createDirectory(temporary.resolve("gone"));
        Path shell =
                Files.writeString(
                        temporary.resolve("away"),
                        "cd '%s'; rmdir '%s'; exec '%s' doctor\n"
                                .formatted(gone, gone, home.resolve("studio")));
        Process process = new ProcessBuilder("/bin/sh", shell.toString()).start();
        Launch launch = end(process);
        assertEquals(1, launch.code());
        assertEquals("", launch.out());
        assertTrue(
                launch.err()
                        .endsWith(
                                "studio: the working folder does not exist any more; change to"
                                        + " another one\n"),
                launch.err());
    }

    @Test
    void whatIsMissingIsToldInOneLine() throws Exception {
        javaVersion("11.0.2+9");
        Launch old = launch("doctor");
        Launch wrong =
                end(start(home.resolve("studio"), Map.of("JAVA_HOME", "/nowhere"), "doctor"));
        javaVersion("17.0.15+6");
        Files.delete(jdk.resolve("bin/javac"));
        Launch runtimeOnly = launch("doctor");
        String java = jdk + "/bin/java";
        assertAll(
                () ->
                        assertEquals(
                                new Launch(
                                        1,
                                        "",
                                        "studio: Java 17 or newer is needed, "
                                                + java
                                                + " is 11.0.2+9; install one or set JAVA_HOME\n"),
                                old),
                () ->
                        assertTrue(
                                wrong.err().startsWith("studio: JAVA_HOME is /nowhere"),
                                wrong.err()),
                () ->
                        assertTrue(
                                runtimeOnly
                                        .err()
                                        .startsWith("studio: building needs a JDK, " + jdk),
                                runtimeOnly.err()),
                () -> assertEquals(List.of(), builds()));
    }
}
