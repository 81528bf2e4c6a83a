package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Reads a parquet file row by row; reports damage to the sink. */
final class ParquetRows {
    /**
     * A row.
     *
     * @param head of its file
     * @param values by column
     */
    record Row(ParquetHead head, Map<String, Object> values) {
        /**
         * Its texts and classes by name, in lists and structs too, without the pictures. Other
         * values are no texts there, so that it shows that something was said.
         */
        ObjectNode labels() {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            values.forEach(
                    (column, value) -> {
                        if (!column.equals(head.image())) {
                            node.set(column, node(column, value));
                        }
                    });
            return node;
        }

        private JsonNode node(String column, @Nullable Object value) {
            if (value == null) {
                return NullNode.getInstance();
            }
            if (value instanceof List<?> list) {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                list.forEach(one -> array.add(node(column, one)));
                return array;
            }
            if (value instanceof Map<?, ?> struct) {
                ObjectNode object = JsonNodeFactory.instance.objectNode();
                struct.forEach((name, inner) -> field(object, String.valueOf(name), inner));
                return object;
            }
            String text = text(column, value);
            if (text != null) {
                return TextNode.valueOf(text);
            }
            return value instanceof Double || value instanceof Float
                    ? DoubleNode.valueOf(((Number) value).doubleValue())
                    : JsonNodeFactory.instance.pojoNode(value);
        }

        private void field(ObjectNode object, String name, @Nullable Object value) {
            object.set(name, node(name, value));
        }

        private @Nullable String text(String column, @Nullable Object value) {
            if (value instanceof Long || value instanceof Integer) {
                return head.names().name(column, ((Number) value).longValue());
            }
            if (value instanceof Binary bytes && bytes.length() <= LONGEST) {
                return decoded(bytes);
            }
            return value instanceof String text ? text : null;
        }

        /** Programs that do not mark texts write them as bytes. */
        private static @Nullable String decoded(Binary bytes) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes.toByteBuffer()).toString();
            } catch (CharacterCodingException e) {
                return null;
            }
        }
    }

    /** Handles a row. */
    interface Visitor {
        void visit(long number, Row row) throws IOException;
    }

    /** Most bytes of a text. */
    private static final int LONGEST = 1 << 20;

    private ParquetRows() {}

    /**
     * Visits every row.
     *
     * @param source how messages name the file
     */
    static void forEach(Path file, String source, ItemSink sink, Visitor visitor)
            throws IOException {
        long number = 0;
        ParquetHead head;
        try {
            head = head(file);
        } catch (UserException e) {
            sink.reject(new Problem(source, String.valueOf(e.getMessage())));
            return;
        } catch (Damage e) {
            sink.reject(
                    new Problem(
                            source, "is truncated or no parquet file (" + e.getMessage() + ")"));
            return;
        }
        try (CloseableIterator<Map<String, Object>> rows = open(file)) {
            for (Map<String, Object> row = next(rows); row != null; row = next(rows)) {
                visitor.visit(number++, new Row(head, row));
            }
        } catch (Damage e) {
            sink.reject(new Problem(source, damaged(number, e)));
        }
    }

    private static String damaged(long rows, Damage e) {
        return rows == 0
                ? "holds rows that are damaged or of a kind that is not read (%s)"
                        .formatted(e.getMessage())
                : "is damaged after row " + (rows - 1) + " (" + e.getMessage() + ")";
    }

    private static ParquetHead head(Path file) throws Damage {
        try {
            return ParquetHead.of(file);
        } catch (UserException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new Damage(e);
        }
    }

    @SuppressWarnings("unchecked") // rows are maps by column name
    private static CloseableIterator<Map<String, Object>> open(Path file) throws Damage {
        try {
            Class<Map<String, Object>> type = (Class<Map<String, Object>>) (Class<?>) Map.class;
            return new CarpetReader<>(file.toFile(), type).iterator();
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new Damage(e);
        }
    }

    /** A page may state any size: memory that is not there for it is damage, not a defect. */
    private static @Nullable Map<String, Object> next(CloseableIterator<Map<String, Object>> rows)
            throws Damage {
        try {
            return rows.hasNext() ? rows.next() : null;
        } catch (RuntimeException | OutOfMemoryError e) {
            throw new Damage(e);
        }
    }

    /** The file is not what it should be; the library says so with many exceptions. */
    private static final class Damage extends IOException {
        private static final long serialVersionUID = 1L;

        Damage(Throwable cause) {
            super(reason(cause), cause);
        }

        /** The library's messages name its own objects. */
        private static String reason(Throwable cause) {
            if (cause instanceof OutOfMemoryError) {
                return "it states more bytes than Java has memory for";
            }
            return cause instanceof Exception e
                    ? SourceTree.reason(e)
                            .replaceAll("[\\w.$]+@[0-9a-f]{4,8}\\b", "the file")
                            .replaceAll("(class )?\\b(\\w+\\.){2,}\\w*(Exception: )?", "")
                    : cause.toString();
        }
    }
}
