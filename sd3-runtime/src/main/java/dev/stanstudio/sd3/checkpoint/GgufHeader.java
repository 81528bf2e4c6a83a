package dev.stanstudio.sd3.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a GGUF header: keys with values, then name, shape, type and place of each tensor. */
final class GgufHeader {
    private static final int LITTLE_ENDIAN_MAGIC = 0x46554747;
    private static final int FIRST_VERSION = 2;
    private static final int LAST_VERSION = 3;
    private static final String ARCHITECTURE = "general.architecture";
    private static final String ALIGNMENT = "general.alignment";
    private static final String PARTS = "split.count";

    /** Written by the tools that make GGUF files of image models, where a tensor was reshaped. */
    private static final String SHAPE = "comfy.gguf.orig_shape.";

    private static final int USUAL_ALIGNMENT = 32;
    private static final int MOST_AXES = 8;
    private static final int LEAST_BYTES_OF_ENTRY = 12;

    // Types of values (ggml docs/gguf.md, gguf_metadata_value_type).
    private static final int UINT16 = 2;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int TEXT = 8;
    private static final int ARRAY = 9;

    /** Bytes of a value by its type; 0 for texts and arrays. */
    private static final int[] BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final Path path;
    private final GgufReader in;
    private final Map<String, List<Long>> shapes = new HashMap<>();
    private @Nullable String architecture;
    private int alignment = USUAL_ALIGNMENT;

    GgufHeader(Path path, GgufReader in) {
        this.path = path;
        this.in = in;
    }

    private record Entry(String name, List<Long> shape, GgufType type, long offset) {}

    Map<String, FileTensor> tensors(GgufFile file, String wanted) throws IOException {
        readVersion();
        long tensors = in.count("tensors", LEAST_BYTES_OF_ENTRY);
        long keys = in.count("keys", LEAST_BYTES_OF_ENTRY);
        for (long i = 0; i < keys; i++) {
            readKey();
        }
        if (!wanted.equals(architecture)) {
            throw fault(
                    architecture == null
                            ? "names no %s; only %s is read".formatted(ARCHITECTURE, wanted)
                            : "is a GGUF file of '%s', not of '%s'"
                                    .formatted(architecture, wanted));
        }
        List<Entry> entries = new ArrayList<>();
        for (long i = 0; i < tensors; i++) {
            entries.add(readEntry());
        }
        long data = (in.at() + alignment - 1) / alignment * alignment;
        Map<String, FileTensor> byName = new LinkedHashMap<>();
        for (Entry entry : entries) {
            if (byName.put(entry.name(), place(file, entry, data)) != null) {
                throw fault("holds %s twice".formatted(entry.name()));
            }
        }
        return byName;
    }

    private WeightException fault(String what) {
        return new WeightException(path + " " + what);
    }

    private void readVersion() throws IOException {
        int magic = in.i32();
        int version = in.i32();
        if (magic != LITTLE_ENDIAN_MAGIC || version < FIRST_VERSION || version > LAST_VERSION) {
            throw fault(
                    "is a GGUF file of version %s; only %d and %d, little-endian, are read"
                            .formatted(
                                    Integer.toUnsignedString(version),
                                    FIRST_VERSION,
                                    LAST_VERSION));
        }
    }

    private void readKey() throws IOException {
        String key = in.name();
        int type = in.i32();
        if (key.equals(ARCHITECTURE) && type == TEXT) {
            architecture = in.name();
        } else if (key.equals(ALIGNMENT) && type == UINT32) {
            alignment = in.i32();
            if (alignment < Long.BYTES || alignment % Long.BYTES != 0) {
                throw fault(
                        "states an alignment of %d bytes, no multiple of 8".formatted(alignment));
            }
        } else if (key.equals(PARTS) && type == UINT16) {
            int parts = in.u16();
            if (parts > 1) {
                throw fault("is one of %d parts; join them to one file".formatted(parts));
            }
        } else if (key.startsWith(SHAPE) && type == ARRAY) {
            readShape(key);
        } else {
            skip(key, type);
        }
    }

    private void readShape(String key) throws IOException {
        int type = in.i32();
        long axes = in.count("axes of a shape", Integer.BYTES);
        if ((type != INT32 && type != UINT32) || axes > MOST_AXES) {
            throw fault("has %s of another kind than a few whole numbers".formatted(key));
        }
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < axes; i++) {
            shape.add((long) in.i32());
        }
        shapes.put(key.substring(SHAPE.length()), shape);
    }

    private void skip(String key, int type) throws IOException {
        if (type == TEXT) {
            in.skipText();
        } else if (type == ARRAY) {
            int of = in.i32();
            long count = in.count("elements of " + key, 1);
            if (of == TEXT) {
                for (long i = 0; i < count; i++) {
                    in.skipText();
                }
            } else {
                in.skip(Math.multiplyExact(count, (long) bytes(key, of)));
            }
        } else {
            in.skip(bytes(key, type));
        }
    }

    private int bytes(String key, int type) {
        if (type < 0 || type >= BYTES.length || BYTES[type] == 0) {
            throw fault(
                    "has a value of unknown type %s under %s; get the file again"
                            .formatted(Integer.toUnsignedString(type), key));
        }
        return BYTES[type];
    }

    private Entry readEntry() throws IOException {
        String name = in.name();
        int axes = in.i32();
        if (axes < 0 || axes > MOST_AXES) {
            throw fault(
                    "says that %s has %s axes; get the file again"
                            .formatted(name, Integer.toUnsignedString(axes)));
        }
        List<Long> shape = new ArrayList<>();
        for (int i = 0; i < axes; i++) {
            shape.add(in.i64());
        }
        Collections.reverse(shape);
        int code = in.i32();
        GgufType type =
                GgufType.of(code)
                        .orElseThrow(
                                () ->
                                        fault(
                                                "stores %s as %s, which is not read; get it with %s"
                                                        .formatted(
                                                                name,
                                                                GgufType.nameOf(code),
                                                                GgufType.names())));
        return new Entry(name, shape, type, in.i64());
    }

    private GgufTensor place(GgufFile file, Entry entry, long data) {
        long last = entry.shape().isEmpty() ? 1 : entry.shape().get(entry.shape().size() - 1);
        long numbers = numbers(entry.name(), entry.shape());
        GgufType type = entry.type();
        if (last % type.numbers() != 0) {
            throw fault(
                    "stores %s of shape %s as %s, whose blocks hold %d numbers of a row"
                            .formatted(entry.name(), entry.shape(), type, type.numbers()));
        }
        List<Long> shape = shapes.getOrDefault(entry.name(), entry.shape());
        if (numbers(entry.name(), shape) != numbers) {
            throw fault(
                    "gives %s the shapes %s and %s".formatted(entry.name(), entry.shape(), shape));
        }
        long bytes = numbers / type.numbers() * type.bytes();
        if (entry.offset() < 0
                || entry.offset() % Long.BYTES != 0
                || entry.offset() > in.length() - data - bytes) {
            throw fault(
                    "is %d bytes long, but %s takes bytes %s to %s; get the file again"
                            .formatted(
                                    in.length(),
                                    entry.name(),
                                    Long.toUnsignedString(data + entry.offset()),
                                    Long.toUnsignedString(data + entry.offset() + bytes)));
        }
        return new GgufTensor(file, entry.name(), type, shape, data + entry.offset());
    }

    private long numbers(String name, List<Long> shape) {
        try {
            long numbers = shape.stream().reduce(1L, Math::multiplyExact);
            if (shape.stream().allMatch(size -> size > 0) && numbers < in.length() * 16) {
                return numbers;
            }
        } catch (ArithmeticException e) {
            throw fault("gives %s the shape %s; get the file again".formatted(name, shape));
        }
        throw fault("gives %s the shape %s; get the file again".formatted(name, shape));
    }
}
