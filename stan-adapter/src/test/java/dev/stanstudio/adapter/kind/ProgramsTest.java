package dev.stanstudio.adapter.kind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stanstudio.testing.ProgramRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramsTest {
    @Test
    void everyProgramRunsOnAnyDevice() throws IOException {
        List<Path> programs = ProgramRules.programs(Path.of("src/main/resources"));
        assertFalse(programs.isEmpty());
        for (Path program : programs) {
            assertEquals(
                    List.of(),
                    ProgramRules.violations(Files.readString(program)),
                    program::toString);
        }
    }
}
