package dev.stanstudio.sd3.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTextTest {
    @TempDir Path folder;

    @Test
    void readsEveryPart() {
        ControlInput all = ControlText.parse("cn/tile=canny(50,150.5):a b.png+m.png@-0.5:0.1-0.8");
        assertEquals("cn/tile", all.path());
        assertEquals("a b.png", all.picture());
        assertEquals("m.png", all.mask());
        assertEquals("canny(50,150.5)", all.preprocessor().toString());
        assertEquals(-0.5, all.scale());
        assertEquals(0.1, all.start());
        assertEquals(0.8, all.end());
        assertEquals(ControlInput.of("cn", "a.png"), ControlText.parse("cn=a.png"));
        assertEquals("blur(8)", ControlText.parse("cn=blur:a.png").preprocessor().toString());
        assertEquals("C:\\a.png", ControlText.parse("cn=C:\\a.png@2").picture());
    }

    @Test
    void namesOfFilesThatExistAreTakenWhole() throws IOException {
        Path odd = Files.createDirectories(folder.resolve("a=b")).resolve("x+y@2.png");
        Files.writeString(odd, "");
        ControlInput input = ControlText.parse(odd.getParent() + "=" + odd);
        assertEquals(odd.getParent().toString(), input.path());
        assertEquals(odd.toString(), input.picture());
        assertEquals(1, input.scale());
        ControlInput scaled = ControlText.parse("cn=tile(2):" + odd + "@0.5:0-0.5");
        assertEquals(odd.toString(), scaled.picture());
        assertEquals(0.5, scaled.scale());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cn | is not of the form",
                "=a.png | is not of the form",
                "cn= | is not of the form",
                "cn=a.png@big | the scale in --control",
                "cn=a.png:0-x | the range in --control",
                "cn=a.png:0.6-0.6 | a later end",
                "cn=a.png:0.5-1.5 | a later end",
                "cn=canny(5):a.png | canny has 2 settings, not 1",
                "cn=blur(-1):a.png | must be 0 … 256",
                "cn=tile(x):a.png | needs numbers"
            })
    void refusesInOneLine(String text, String words) {
        ArgumentException refusal =
                assertThrows(ArgumentException.class, () -> ControlText.parse(text));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }
}
