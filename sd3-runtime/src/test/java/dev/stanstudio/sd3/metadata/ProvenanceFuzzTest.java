package dev.stanstudio.sd3.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.model.ModelDefaults;
import dev.stanstudio.sd3.pipeline.GenerationRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that somebody changed are refused in one line, or read. */
class ProvenanceFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ModelDefaults DEFAULTS = new ModelDefaults(64, 48, 20, 4, 77);
    private static final String VALID =
            """
            {"request":{"prompt":{"text":"a lighthouse","second":"a boat","third":"snow"},
             "negative":{"text":"fog"},
             "text":{"clipSkip":1,"useT5":false,"maxSequenceLength":256},
             "width":128,"height":128,"seeds":[5,6],
             "sampling":{"steps":4,"guidance":4.0,"sampler":"euler","sigmaSchedule":"karras",
              "shift":2.0,"dynamicShifting":true,"mu":0.9,"sigmas":[1.0,0.5]},
             "image":{"path":"/a/b.png","sha256":"00","mask":"m.png","strength":0.5},
             "vaeTiling":false,
             "adapters":[{"path":"a/b","sha256":"01","weight":1.0}],
             "features":[]},
             "model":{"name":"sd3-nano","fingerprint":"aa8647a08d35"},
             "engine":{"libtorch":"2.7.1","device":"cpu","dtype":"fp32","threads":2},
             "version":"0.1.0"}
            """;

    @TempDir Path folder;

    private Path png(String record) {
        Path file = folder.resolve("picture.png");
        PngText.write(
                file,
                Picture.of(2, 2, PixelMode.RGB, new byte[12]),
                Map.of(Provenance.KEYWORD, record));
        return file;
    }

    @Test
    void aValidRecordIsRead() {
        GenerationRequest request = Recall.of(png(VALID), DEFAULTS).request();
        assertEquals(List.of(5L, 6L), request.seeds());
        assertEquals(List.of(1.0, 0.5), request.sampling().sigmas());
    }

    @Test
    void whatIsReplacedIsNotJudged() {
        Path file =
                png(
                        VALID.replace("\"euler\"", "\"euler-of-tomorrow\"")
                                .replace("\"width\":128", "\"width\":1000")
                                .replace("[5,6]", "[1.5]"));
        Set<Setting> all = Set.of(Setting.SAMPLER, Setting.WIDTH, Setting.SEED);
        GenerationRequest request = Recall.of(file, DEFAULTS, all).request();
        assertEquals("a lighthouse", request.prompt().text());
        assertEquals(128, request.height());
        String message =
                String.valueOf(
                        assertThrows(
                                        UserException.class,
                                        () -> Recall.of(file, DEFAULTS, Set.of(Setting.SAMPLER)))
                                .getMessage());
        assertTrue(message.contains("record of the request"), message);
    }

    @Test
    void settingsOfALaterVersionAreSaid() {
        assertEquals(List.of(), Recall.of(png(VALID), DEFAULTS).notes(Set.of()));
        String later =
                VALID.replace("\"shift\":2.0", "\"shift\":2.0,\"eta\":{\"a\":[0.5]}")
                        .replace("\"vaeTiling\":false", "\"vaeTiling\":false,\"upscale\":2")
                        .replace("\"euler\"", "\"euler-of-tomorrow\"")
                        .replace("\"0.1.0\"", "\"7.0\"");
        Set<Setting> sampler = Set.of(Setting.SAMPLER);
        String note = Recall.of(png(later), DEFAULTS, sampler).notes(sampler).get(0);
        assertTrue(note.startsWith("Version 7.0 made it with settings"), note);
        assertTrue(note.contains("leaves out: sampling.eta, upscale;"), note);
    }

    @Test
    void changedRecordsAreReadOrRefusedInOneLine() throws JsonProcessingException {
        Random random = new Random(20260103);
        int refused = 0;
        for (int i = 0; i < 800; i++) {
            JsonNode record = JSON.readTree(VALID);
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                JsonChanges.change(record, random);
            }
            refused += refused(escaped(record)) ? 1 : 0;
        }
        assertTrue(refused > 200, "only " + refused + " of 800 were refused");
    }

    /** Each was read as 0, false, nothing, or as the last of two, which is another picture. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'weight':1.0 -> 'weight':null",
                "'weight':1.0 -> 'weight':''",
                ",'weight':1.0 -> ",
                "'guidance':4.0 -> 'guidance':null",
                "'guidance':4.0, -> ",
                "'useT5':false -> 'useT5':2",
                "'useT5':false -> 'useT5':''",
                "'useT5':false, -> ",
                "'clipSkip':1 -> 'clipSkip':null",
                "'shift':2.0 -> 'shift':''",
                "'a lighthouse' -> 5",
                "'width':128 -> 'width':64,'width':128",
                "'version':'0.1.0'} -> 'version':'0.1.0'}{}"
            })
    void noValueIsTakenForAnother(String change) {
        String[] parts = change.replace('\'', '"').split(" -> ", -1);
        String record = VALID.replace(parts[0], parts[1]);
        assertNotEquals(VALID, record);
        assertTrue(refused(record), record);
    }

    @Test
    void cutRecordsAreRefused() {
        String record = VALID.strip();
        for (int length = 0; length < record.length(); length += 7) {
            assertTrue(refused(record.substring(0, length)), "cut at " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "{\"version\":\"1\"}",
                "[]",
                "\"x\"",
                "7",
                "",
                "{\"request\":null}"
            })
    void recordsWithoutTheirPartsAreRefused(String record) {
        assertTrue(refused(record), record);
    }

    @Test
    void deepAndLongRecordsAreRefused() {
        assertTrue(refused("[".repeat(100_000)));
        assertTrue(refused("{\"request\":".repeat(5_000)));
        assertTrue(refused(VALID.replace("256", "9".repeat(5_000))));
    }

    /** Half a character can stand in JSON, but not in a PNG. */
    private static String escaped(JsonNode record) {
        return record.toString().replace(String.valueOf((char) 0xD800), "\\ud800");
    }

    /** Tells whether it is refused, in one line; anything but a refusal fails. */
    private boolean refused(String record) {
        Path file = png(record);
        try {
            Recall.of(file, DEFAULTS);
            return false;
        } catch (UserException e) {
            String message = String.valueOf(e.getMessage());
            assertTrue(
                    message.lines().count() == 1
                            && message.length() < 500
                            && !message.contains("Exception"),
                    record + " gives: " + message);
            return true;
        }
    }
}
