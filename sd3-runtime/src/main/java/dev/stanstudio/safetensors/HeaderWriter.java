package dev.stanstudio.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes the bytes that precede the data section. */
final class HeaderWriter {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ALIGNMENT = 8;
    private static final String FORMAT = "format";

    private HeaderWriter() {}

    /**
     * The 8 length bytes and the JSON text, metadata first (by key, so that equal content gives
     * equal files) and padded with spaces to a multiple of 8. Libraries refuse files whose metadata
     * names no format, so one is added where missing.
     *
     * @throws IllegalArgumentException if the header is longer than the format allows
     */
    static ByteBuffer write(Map<String, String> metadata, Iterable<TensorInfo> tensors)
            throws IOException {
        SortedMap<String, String> complete = new TreeMap<>(metadata);
        complete.putIfAbsent(FORMAT, "pt");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart(HeaderReader.METADATA);
            for (Map.Entry<String, String> entry : complete.entrySet()) {
                json.writeStringField(requireText(entry.getKey()), requireText(entry.getValue()));
            }
            json.writeEndObject();
            for (TensorInfo tensor : tensors) {
                writeTensor(json, tensor);
            }
            json.writeEndObject();
        }
        return frame(text.toByteArray());
    }

    /** {@code text}, unless UTF-8 cannot hold it. */
    static String requireText(String text) {
        if (!HeaderJson.isText(text)) {
            throw new IllegalArgumentException(
                    HeaderJson.quote(text) + " holds half a surrogate pair; correct the text");
        }
        return text;
    }

    private static void writeTensor(JsonGenerator json, TensorInfo tensor) throws IOException {
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField(HeaderReader.DTYPE, tensor.type().fileName());
        json.writeArrayFieldStart(HeaderReader.SHAPE);
        for (long axis : tensor.shape()) {
            json.writeNumber(axis);
        }
        json.writeEndArray();
        json.writeArrayFieldStart(HeaderReader.OFFSETS);
        json.writeNumber(tensor.begin());
        json.writeNumber(tensor.end());
        json.writeEndArray();
        json.writeEndObject();
    }

    private static ByteBuffer frame(byte[] text) {
        int padded = (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        if (padded > HeaderJson.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a header of %d bytes is over the format's limit of %d; shorten the metadata"
                            .formatted(padded, HeaderJson.MAX_BYTES));
        }
        byte[] bytes = new byte[Long.BYTES + padded];
        Arrays.fill(bytes, (byte) ' ');
        System.arraycopy(text, 0, bytes, Long.BYTES, text.length);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, padded);
    }
}
