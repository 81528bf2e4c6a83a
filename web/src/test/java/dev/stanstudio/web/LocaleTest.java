package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers are written with the same digits on every machine: hashes and names depend on them. */
class LocaleTest {
    @TempDir private Path folder;

    private String told(String... locale) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(locale));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Studio.class.getName(), "study", "create", "nowhere"));
        command.addAll(List.of("--title", "t", "--invitations", "-7"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("STUDIO_HOME", folder.toString());
        Process process = builder.start();
        String text =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        process.waitFor();
        return text;
    }

    @Test
    void digitsOfOtherScriptsAreNotTakenFromTheLocale() throws Exception {
        assertEquals(
                "studio: --invitations -7 is below 0",
                told("-Duser.language=ar", "-Duser.country=EG"));
    }
}
