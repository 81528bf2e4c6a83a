package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        /** Its texts and classes by name, in lists and structs too; other values are left out. */
        ObjectNode labels() {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            values.forEach((column, value) -> put(node, column, value));
            return node;
        }

        private void put(ObjectNode node, String column, @Nullable Object value) {
            if (value instanceof List<?> list) {
                ArrayNode array = node.putArray(column);
                for (Object one : list) {
                    if (one instanceof Map<?, ?> struct) {
                        put(array.addObject(), struct);
                    } else {
                        array.add(text(column, one));
                    }
                }
            } else if (value instanceof Map<?, ?> struct) {
                put(node.putObject(column), struct);
            } else {
                node.put(column, text(column, value));
            }
        }

        private void put(ObjectNode node, Map<?, ?> struct) {
            struct.forEach((field, value) -> put(node, String.valueOf(field), value));
        }

        private @Nullable String text(String column, @Nullable Object value) {
            if (value instanceof Long || value instanceof Integer) {
                return head.names().name(column, ((Number) value).longValue());
            }
            return value instanceof String text ? text : null;
        }
    }

    /** Handles a row. */
    interface Visitor {
        void visit(long number, Row row) throws IOException;
    }

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
            sink.reject(new Problem(source, damaged(0, e)));
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
                ? "is truncated or no parquet file (" + e.getMessage() + ")"
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
                    ? SourceTree.reason(e).replaceAll("[\\w.$]+@[0-9a-f]{4,8}\\b", "the file")
                    : cause.toString();
        }
    }
}
