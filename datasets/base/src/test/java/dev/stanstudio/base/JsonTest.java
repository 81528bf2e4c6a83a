package dev.stanstudio.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final String FRACTION = "{\"imageSize\": 1.5}";
    private static final String UNKNOWN = "{\"imageSize\": 1, \"other\": 2}";

    record Sized(int imageSize) {}

    @Test
    void onlyTheStrictMappersRefuseWhatFollowsTheValue() throws JsonProcessingException {
        for (JsonMapper mapper : List.of(Json.PLAIN, Json.SNAKE_CASE, Json.LENIENT)) {
            assertEquals("{\"a\":1}", mapper.readTree("{\"a\":1} {}").toString());
        }
        for (JsonMapper mapper : List.of(Json.WHOLE, Json.STRICT)) {
            assertThrows(MismatchedInputException.class, () -> mapper.readTree("{\"a\":1} {}"));
        }
    }

    @Test
    void onlyTheStrictMapperRefusesAKeyThatStandsTwice() throws JsonProcessingException {
        String twice = "{\"a\":1,\"a\":2}";
        for (JsonMapper mapper : List.of(Json.PLAIN, Json.WHOLE, Json.LENIENT)) {
            assertEquals("{\"a\":2}", mapper.readTree(twice).toString());
        }
        assertThrows(JsonParseException.class, () -> Json.STRICT.readTree(twice));
    }

    @Test
    void onlyTheLenientMappersLeaveOutUnknownFields() throws JsonProcessingException {
        for (JsonMapper mapper : List.of(Json.LENIENT, Json.LENIENT_EXACT)) {
            assertEquals(new Sized(1), mapper.readValue(UNKNOWN, Sized.class));
        }
        for (JsonMapper mapper : List.of(Json.PLAIN, Json.WHOLE, Json.STRICT)) {
            assertThrows(
                    UnrecognizedPropertyException.class,
                    () -> mapper.readValue(UNKNOWN, Sized.class));
        }
    }

    @Test
    void onlyTheExactMapperRefusesAFractionForAWholeNumber() throws JsonProcessingException {
        for (JsonMapper mapper : List.of(Json.PLAIN, Json.STRICT, Json.LENIENT)) {
            assertEquals(new Sized(1), mapper.readValue(FRACTION, Sized.class));
        }
        assertThrows(
                InvalidFormatException.class,
                () -> Json.LENIENT_EXACT.readValue(FRACTION, Sized.class));
    }

    @Test
    void indentedRecordsKeepTheOrderAndTheMappersNames() {
        assertEquals(
                "{%n  \"imageSize\" : 3%n}".formatted(), Json.pretty(Json.PLAIN, new Sized(3)));
        assertEquals(
                "{%n  \"image_size\" : 3%n}".formatted(),
                Json.pretty(Json.SNAKE_CASE, new Sized(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"b\":1,\"a\":[1.50,null,12345678901234567890]}", "\"ä\\n\"", "[]"})
    void everyMapperReadsAndWritesTreesAlike(String json) throws JsonProcessingException {
        String plain = Json.PLAIN.readTree(json).toString();
        for (JsonMapper mapper :
                List.of(Json.SNAKE_CASE, Json.WHOLE, Json.STRICT, Json.LENIENT, Json.MANY_NAMES)) {
            assertEquals(plain, mapper.writeValueAsString(mapper.readTree(json)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":NaN}|NaN is no number of JSON",
                "{\"a\":-Infinity}|-Infinity is no number of JSON",
                "{\"a\":+5}|Unexpected character ('+' (code 43)) in numeric value: JSON spec does"
                        + " not allow numbers to have plus signs",
                "{/*x*/}|Unexpected character ('/' (code 47))",
            })
    void problemsNameNoSettingOfTheReader(String json, String told) {
        JsonProcessingException e =
                assertThrows(JsonProcessingException.class, () -> Json.STRICT.readTree(json));
        assertEquals(told, Json.problem(e));
    }

    @Test
    void limitsAreSaidAsNumbers() {
        JsonProcessingException deep =
                assertThrows(
                        JsonProcessingException.class,
                        () -> Json.STRICT.readTree("[".repeat(2000)));
        assertEquals(
                "Document nesting depth (1001) exceeds the maximum allowed (1000)",
                Json.problem(deep));
        JsonProcessingException cut =
                assertThrows(
                        JsonProcessingException.class, () -> Json.STRICT.readTree("{\"a\":[1"));
        assertEquals("Unexpected end-of-input: expected close marker for Array", Json.problem(cut));
    }

    @Test
    void recordsAreRefusedByTheNamesOfTheirFields() {
        assertEquals(
                "imageSize is of the wrong kind or too large", refused("{\"imageSize\": \"x\"}"));
        assertEquals("there is no field 'other'", refused(UNKNOWN));
        assertEquals("something follows its end", refused("{\"imageSize\": 1} {}"));
    }

    private static String refused(String json) {
        return Json.problem(
                assertThrows(
                        JsonProcessingException.class,
                        () -> Json.STRICT.readValue(json, Sized.class)));
    }
}
