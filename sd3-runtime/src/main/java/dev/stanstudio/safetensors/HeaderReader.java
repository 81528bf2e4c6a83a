package dev.stanstudio.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON text of a header into entries whose form is right; {@link HeaderRules} checks
 * whether the numbers fit together.
 */
final class HeaderReader {
    static final String METADATA = "__metadata__";
    static final String DTYPE = "dtype";
    static final String SHAPE = "shape";
    static final String OFFSETS = "data_offsets";

    /** More axes than any tensor library takes; bounds the memory that a hostile header can use. */
    private static final int MAX_AXES = 64;

    private final Path file;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private HeaderReader(Path file) {
        this.file = file;
    }

    /** A tensor as its header states it. */
    record Entry(String name, StoredType type, List<Long> shape, long begin, long end) {}

    /** A header's content, entries in the order of the text. */
    record Header(Map<String, String> metadata, List<Entry> entries) {}

    /** Parses the header text {@code utf8} of {@code file}; its first byte is a brace. */
    static Header read(Path file, byte[] utf8) {
        HeaderReader reader = new HeaderReader(file);
        HeaderJson.read(file, utf8, reader::readHeader);
        return new Header(reader.metadata, reader.entries);
    }

    private void readHeader(JsonParser json) throws IOException {
        json.nextToken();
        HeaderJson.eachField(
                json,
                file,
                "the header",
                key -> {
                    if (key.equals(METADATA)) {
                        readMetadata(json);
                    } else {
                        entries.add(readEntry(json, key));
                    }
                });
    }

    private void readMetadata(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw broken(Violation.BAD_METADATA, METADATA + " is not an object");
        }
        HeaderJson.eachField(
                json,
                file,
                METADATA,
                key -> {
                    if (json.currentToken() != JsonToken.VALUE_STRING) {
                        throw broken(
                                Violation.BAD_METADATA,
                                "%s value of %s is not a string"
                                        .formatted(METADATA, HeaderJson.quote(key)));
                    }
                    HeaderJson.requireText(file, json.getText(), METADATA);
                    metadata.put(key, json.getText());
                });
    }

    /** The three fields of an entry, filled as they come. */
    private static final class Fields {
        @Nullable StoredType type;
        @Nullable List<Long> shape;
        @Nullable List<Long> offsets;
    }

    private Entry readEntry(JsonParser json, String name) throws IOException {
        String where = "tensor " + HeaderJson.quote(name);
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw broken(Violation.BAD_ENTRY, "the entry of " + where + " is not an object");
        }
        Fields fields = new Fields();
        HeaderJson.eachField(
                json,
                file,
                where,
                key -> {
                    switch (key) {
                        case DTYPE -> fields.type = readType(json, where);
                        case SHAPE -> fields.shape = readShape(json, where);
                        case OFFSETS -> fields.offsets = readOffsets(json, where);
                        default -> json.skipChildren(); // as the reference reader does
                    }
                });
        StoredType type = present(fields.type, where, DTYPE);
        List<Long> shape = present(fields.shape, where, SHAPE);
        List<Long> offsets = present(fields.offsets, where, OFFSETS);
        return new Entry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private <T> T present(@Nullable T field, String where, String key) {
        if (field == null) {
            throw broken(Violation.BAD_ENTRY, where + " has no " + key);
        }
        return field;
    }

    private StoredType readType(JsonParser json, String where) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw broken(Violation.BAD_ENTRY, "the dtype of " + where + " is not a string");
        }
        String dtype = json.getText();
        return StoredType.ofFileName(dtype)
                .orElseThrow(
                        () ->
                                new SafetensorsException(
                                        Violation.UNKNOWN_DTYPE,
                                        file,
                                        "%s has the unknown dtype %s; convert it to F32, F16 or BF16"
                                                .formatted(where, HeaderJson.quote(dtype))));
    }

    private List<Long> readShape(JsonParser json, String where) throws IOException {
        String what =
                "the shape of %s is not a list of at most %d counts".formatted(where, MAX_AXES);
        return readCounts(json, MAX_AXES, Violation.BAD_SHAPE, what);
    }

    private List<Long> readOffsets(JsonParser json, String where) throws IOException {
        String what = "data_offsets of " + where + " is not a pair of counts";
        List<Long> offsets = readCounts(json, 2, Violation.INVALID_OFFSET, what);
        if (offsets.size() != 2) {
            throw broken(Violation.INVALID_OFFSET, what);
        }
        return offsets;
    }

    private List<Long> readCounts(JsonParser json, int atMost, Violation violation, String what)
            throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw broken(violation, what);
        }
        List<Long> counts = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT || counts.size() == atMost) {
                throw broken(violation, what);
            }
            if (json.getText().startsWith("-")) {
                throw broken(violation, what);
            }
            if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
                throw broken(Violation.OVERFLOW, what + " of 63 bits");
            }
            counts.add(json.getLongValue());
        }
        return counts;
    }

    private SafetensorsException broken(Violation violation, String what) {
        return new SafetensorsException(
                violation,
                file,
                what + "; the file is damaged or was written wrongly, get it again");
    }
}
