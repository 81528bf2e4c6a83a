package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    /** Bytes that a file's name has at most on the file systems of Linux. */
    private static final int LONGEST = 255;

    @TempDir private Path folder;

    @Test
    void theLongestNameThatAFileCanHaveIsWritten() throws IOException {
        String png = ".png";
        for (String letter : List.of("a", "é", "名", "😀")) {
            int size = letter.getBytes(StandardCharsets.UTF_8).length;
            String name = letter.repeat((LONGEST - png.length()) / size) + png;
            Path file = folder.resolve(name);
            AtomicFile.requireWritable(file);
            AtomicFile.write(file, out -> out.write(7));
            assertArrayEquals(new byte[] {7}, Files.readAllBytes(file));
            assertTrue(AtomicFile.part(file).toString().endsWith(".part"));
            Files.delete(file);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aNameThatNoFileCanHaveIsRefusedBeforeAnythingIsComputed() throws IOException {
        Path file = folder.resolve("a".repeat(LONGEST + 1));
        assertRefused(file, "File name too long");
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, link);
        assertRefused(link, "symbolic links");
    }

    private static void assertRefused(Path file, String why) {
        for (Runnable check :
                List.<Runnable>of(
                        () -> AtomicFile.requireName(file),
                        () -> AtomicFile.requireWritable(file))) {
            UserException e = assertThrows(UserException.class, check::run);
            String message = String.valueOf(e.getMessage());
            assertTrue(
                    message.startsWith("cannot write " + file) && message.contains(why), message);
        }
    }

    @Test
    void bytesThatAreNoTextAreCalledSo() {
        assertEquals("it is not UTF-8 text", AtomicFile.reason(new MalformedInputException(1)));
    }
}
