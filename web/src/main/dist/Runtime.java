import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Makes the Java runtime that a distribution brings along, by jlink of the JDK that runs this. */
class Runtime {
    /** The program's libraries find services and classes by name: all of Java SE, and what they use of the JDK. */
    private static final List<String> MODULES =
            List.of(
                    "java.se",
                    "jdk.accessibility",
                    "jdk.charsets",
                    "jdk.crypto.ec",
                    "jdk.httpserver",
                    "jdk.management",
                    "jdk.naming.dns",
                    "jdk.unsupported",
                    "jdk.zipfs");

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        delete(folder);
        ToolProvider jlink =
                ToolProvider.findFirst("jlink")
                        .orElseThrow(() -> new IllegalStateException("this JDK has no jlink"));
        int code =
                jlink.run(
                        new PrintStream(System.out, true),
                        new PrintStream(System.err, true),
                        "--add-modules",
                        String.join(",", MODULES),
                        "--strip-java-debug-attributes",
                        "--no-header-files",
                        "--no-man-pages",
                        "--output",
                        folder.toString());
        System.exit(code);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
