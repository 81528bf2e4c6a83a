package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {
    /** FIPS 180-2, appendix B.1. */
    private static final String ABC =
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir Path folder;

    @Test
    void theStandardsExampleIsTheSameAsTextBytesFileAndParts() throws IOException {
        assertEquals(ABC, Sha256.of("abc"));
        assertEquals(ABC, Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(ABC, Sha256.ofFile(Files.writeString(folder.resolve("abc"), "abc")));
        Sha256 parts = new Sha256();
        parts.add("a");
        parts.add(new byte[] {'a', 'b', 'a'}, 1, 1);
        parts.add(ByteBuffer.wrap(new byte[] {'c'}));
        assertEquals(ABC, parts.hex());
        parts.add(new byte[] {'a', 'b', 'c'});
        assertEquals(ABC, parts.hex(), "after the first result it begins anew");
    }

    @Test
    void aFileOfSeveralChunksIsReadToItsEnd() throws IOException {
        byte[] bytes = new byte[(1 << 21) + 3];
        bytes[bytes.length - 1] = 1;
        assertEquals(Sha256.of(bytes), Sha256.ofFile(Files.write(folder.resolve("large"), bytes)));
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("missing");
        UserException failure = assertThrows(UserException.class, () -> Sha256.ofFile(missing));
        assertTrue(
                String.valueOf(failure.getMessage()).startsWith(missing + " cannot be read"),
                failure::getMessage);
    }

    /** The system's own text for these is the path once more. */
    @Test
    void theReasonIsSaidAndThePathOnce() {
        Path missing = folder.resolve("missing");
        String said =
                String.valueOf(
                        assertThrows(UserException.class, () -> Sha256.ofFile(missing))
                                .getMessage());
        assertEquals(missing + " cannot be read: no such file", said);
    }
}
