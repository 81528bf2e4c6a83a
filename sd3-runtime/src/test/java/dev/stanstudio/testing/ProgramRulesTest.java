package dev.stanstudio.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgramRulesTest {
    @Test
    void everyProgramRunsOnAnyDevice() throws IOException {
        List<Path> programs = ProgramRules.programs(Path.of("src/main/resources"));
        assertTrue(programs.size() >= 7, "programs found: " + programs);
        List<String> found = new ArrayList<>();
        for (Path program : programs) {
            for (String line : ProgramRules.violations(Files.readString(program))) {
                found.add(program.getFileName() + " " + line);
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void offendersAreFound() {
        String text =
                """
                def a(self, x: Tensor) -> Tensor:
                  return x + torch.arange(128, dtype=6)
                def b(self, x: Tensor) -> Tensor:
                  return torch.zeros([1], dtype=ops.prim.dtype(x), device=ops.prim.device(x))
                def c(self, x: Tensor) -> int:
                  return int(torch.item(x))
                # torch.item(x) in a comment
                """;
        List<String> found = ProgramRules.violations(text);
        assertEquals(2, found.size(), found.toString());
        assertTrue(found.get(0).startsWith("a:"));
        assertTrue(found.get(1).startsWith("c:"));
    }
}
