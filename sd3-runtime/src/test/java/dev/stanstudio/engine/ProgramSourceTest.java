package dev.stanstudio.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Names and imports of program texts. */
class ProgramSourceTest {
    private static ProgramText text(String name) {
        return new ProgramText(ProgramSourceTest.class, name);
    }

    @Test
    void importedNamesAndMethodsWork() {
        Program program = Program.load(text("importing.ts.py"));
        try (Scope scope = Scope.open("test")) {
            Tensor a = Tensors.of(scope, new float[] {1, 2}, 2);
            Tensor b = Tensors.of(scope, new float[] {10, 20}, 2);
            TensorList both = Tensors.list(scope, List.of(a, b));
            assertArrayEquals(new float[] {33, 66}, program.call(scope, "run", both).toFloats());
            assertArrayEquals(new float[] {1, 2}, program.call(scope, "own", a).toFloats());
        }
    }

    @Test
    void aTextThatSeveralImportIsAddedOnce() {
        String source = ProgramSource.join(text("shared.ts.py"), text("importing.ts.py"));
        assertEquals(1, source.split("def twice\\(", -1).length - 1, source);
        assertTrue(source.contains("torch.to(x, 6) * 2"), source);
        assertTrue(source.contains("pairs: List[Tuple[Tensor, Tensor]]"), source);
        assertTrue(source.contains("# TWO stands in a comment."), source);
    }

    @Test
    void whatDoesNotExistIsNamed() {
        assertEquals(
                "dev.stanstudio.engine.shared does not define THREE",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ProgramSource.join(text("missing-name.ts.py")))
                        .getMessage());
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> ProgramSource.join(text("missing-text.ts.py")))
                        .getMessage();
        assertTrue(message.contains("dev/stanstudio/engine/nowhere.ts.py"), message);
    }
}
