package dev.stanstudio.base.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEncodingTest {
    private static String decode(byte[] bytes) {
        return TextEncoding.DETECT.decode("wave.txt", bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    UTF-8 | \uFEFFa boat, 浮世絵, café 🌊
                    UTF-8 | a boat, 浮世絵, café 🌊
                    UTF-16LE | \uFEFFa boat, 浮世絵
                    UTF-16BE | \uFEFFa boat, 浮世絵
                    UTF-16LE | a boat at sea
                    UTF-16BE | a boat at sea
                    UTF-16LE | лодка на берегу
                    UTF-16BE | лодка на берегу
                    UTF-32LE | \uFEFFa boat
                    GB18030 | 一幅山水画，远处有船，近处有树
                    Big5 | 一幅山水畫，遠處有船，近處有樹
                    windows-31j | 海の上の大きな波と小さな舟
                    EUC-JP | 海の上の大きな波と小さな舟
                    x-windows-949 | 산과 바다가 있는 풍경화
                    windows-1251 | лодка на берегу реки, картина маслом
                    KOI8-R | лодка на берегу реки, картина маслом
                    windows-1252 | café à la façon d'Édouard Manet
                    windows-1252 | ein Bild von Dürer – „Hase“
                    """)
    void textsComeOutAsTheyWereWritten(String charset, String text) {
        byte[] bytes = text.getBytes(Charset.forName(charset));
        assertEquals(text.replace("\uFEFF", ""), decode(bytes));
    }

    /** Three characters tell no detector what they are. */
    @Test
    void whatCannotBeToldIsRefusedAndMayBeNamed() {
        byte[] bytes = "浮世絵".getBytes(Charset.forName("GB18030"));
        UnknownEncodingException e =
                assertThrows(UnknownEncodingException.class, () -> decode(bytes));
        assertEquals(
                "wave.txt is in no encoding that can be told; save it as UTF-8, or import it with"
                        + " --encoding NAME",
                e.getMessage());
        TextEncoding stated = TextEncoding.of(Charset.forName("GB18030"));
        assertEquals("浮世絵", stated.decode("wave.txt", bytes));
        assertEquals("ü", stated.decode("wave.txt", "ü".getBytes(StandardCharsets.UTF_8)));
        byte[] none = {(byte) 0xFF, (byte) 0xFF, 'a'};
        assertThrows(UnknownEncodingException.class, () -> stated.decode("wave.txt", none));
    }

    /** A detector takes these for Western letters; no word is written like that. */
    @ParameterizedTest
    @CsvSource({
        "GB18030, 古代城市",
        "GB18030, 水墨风格",
        "Big5, 山水畫",
        "windows-31j, 猫が一匹",
        "EUC-JP, 油絵",
        "x-windows-949, 파도",
        "windows-1250, řeka",
        "windows-1254, ışık",
        "windows-1255, ים",
        "windows-1256, قارب",
        "UTF-16BE, γάτα"
    })
    void nothingIsTakenForWesternTextThatCannotBeOne(String charset, String text) {
        byte[] bytes = text.getBytes(Charset.forName(charset));
        assertThrows(UnknownEncodingException.class, () -> decode(bytes));
    }

    /** Whatever the bytes are: a text without replaced characters, or a refusal. */
    @Test
    void noByteIsEverReplaced() {
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 3000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            try {
                String text = decode(bytes);
                assertTrue(text.indexOf('\uFFFD') < 0 && text.indexOf(0) < 0, text);
            } catch (UnknownEncodingException e) {
                refused++;
            }
        }
        assertTrue(refused > 1000, refused + " refused");
    }

    @Test
    void aLineWithoutEndIsRefusedByItsNumber() throws Exception {
        String text = "one\r\ntwo\rthree\n\n" + "x".repeat(TextLines.MOST + 1);
        try (TextLines lines = new TextLines("list", new StringReader(text))) {
            for (String expected : new String[] {"one", "two", "three", ""}) {
                assertEquals(expected, lines.next());
            }
            Exception e = assertThrows(RuntimeException.class, lines::next);
            assertEquals(
                    "list line 5 has more than " + TextLines.MOST + " characters", e.getMessage());
        }
    }

    @Test
    void picturesAreKnownByNameOrBytes() {
        for (String name : new String[] {"a.jfif", "b.JPE", "c.jpg_large", "x/d.heif", "e.psd"}) {
            assertTrue(FileKinds.isPicture(name), name);
        }
        for (String name : new String[] {"jpg", ".jpg", "a.txt", "jpg/readme", "a.jpg.txt"}) {
            assertEquals(false, FileKinds.isPicture(name), name);
        }
        assertTrue(
                FileKinds.looksLikePicture("RIFF1234WEBPVP8 ".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(
                false,
                FileKinds.looksLikePicture("BMW is a car".getBytes(StandardCharsets.US_ASCII)));
        assertEquals(false, FileKinds.looksLikePicture(new byte[0]));
        assertTrue(Unpacked.isTar(Path.of("x.TAR.GZ")) && !Unpacked.isTar(Path.of("x.gz")));
    }

    @Test
    void aMarkedTextIsReadFromBehindItsMark() throws Exception {
        byte[] bytes = "\uFEFFab".getBytes(StandardCharsets.UTF_16LE);
        try (var in = TextEncoding.DETECT.reader("x", () -> new ByteArrayInputStream(bytes))) {
            assertEquals('a', in.read());
        }
    }
}
