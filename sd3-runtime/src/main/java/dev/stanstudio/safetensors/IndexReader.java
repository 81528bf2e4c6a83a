package dev.stanstudio.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Reads the JSON text of an index and refuses shard names that leave its folder. */
final class IndexReader {
    /** The advice where index and shards do not fit. */
    static final String GET_AGAIN = "; get the index and the shards again";

    /** Above this, neighbouring integers are the same double. */
    private static final double EXACT = 0x1p53;

    private final Path path;
    private final Map<String, String> weightMap = new LinkedHashMap<>();
    private OptionalLong totalSize = OptionalLong.empty();

    private IndexReader(Path path) {
        this.path = path;
    }

    static SafetensorsIndex read(Path file) {
        IndexReader reader = new IndexReader(file);
        HeaderJson.read(file, bytesOf(file), reader::readIndex);
        if (reader.weightMap.isEmpty()) {
            throw reader.broken(
                    Violation.BAD_INDEX, "has no weight_map, or an empty one" + GET_AGAIN);
        }
        return new SafetensorsIndex(file, reader.weightMap, reader.totalSize);
    }

    private static byte[] bytesOf(Path file) {
        FileAccess.requireFile(file);
        try {
            long length = Files.size(file);
            if (length > HeaderJson.MAX_BYTES) {
                throw new SafetensorsException(
                        Violation.BAD_INDEX,
                        file,
                        "is %d bytes long, over the limit of %d for an index; check the path"
                                .formatted(length, HeaderJson.MAX_BYTES));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw FileAccess.unreadable(file, e);
        }
    }

    private void readIndex(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw broken(Violation.BAD_INDEX, "is not a JSON object" + GET_AGAIN);
        }
        HeaderJson.eachField(
                json,
                path,
                "the index",
                key -> {
                    switch (key) {
                        case "metadata" -> readMetadata(json);
                        case "weight_map" -> readWeightMap(json);
                        default -> json.skipChildren();
                    }
                });
    }

    private void readMetadata(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        HeaderJson.eachField(
                json,
                path,
                "metadata",
                key -> {
                    if (key.equals("total_size")) {
                        totalSize = OptionalLong.of(readSize(json));
                    }
                    json.skipChildren();
                });
    }

    /** Some writers count in floats, so 5.0e9 is as good as 5000000000. */
    private long readSize(JsonParser json) throws IOException {
        boolean integer = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
        if (integer && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return json.getLongValue();
        }
        if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
            double size = json.getDoubleValue();
            if (size == Math.rint(size) && Math.abs(size) < EXACT) {
                return (long) size;
            }
        }
        throw broken(Violation.BAD_INDEX, "total_size is not a count of bytes" + GET_AGAIN);
    }

    private void readWeightMap(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw broken(Violation.BAD_INDEX, "weight_map is not an object" + GET_AGAIN);
        }
        HeaderJson.eachField(
                json,
                path,
                "weight_map",
                key -> {
                    if (json.currentToken() != JsonToken.VALUE_STRING) {
                        throw broken(
                                Violation.BAD_INDEX,
                                "weight_map gives no file name for " + HeaderJson.quote(key));
                    }
                    weightMap.put(key, requirePlainName(json.getText()));
                });
    }

    private String requirePlainName(String shard) {
        if (!isPlainName(shard)) {
            throw broken(
                    Violation.UNSAFE_SHARD_NAME,
                    "shard %s is not a file name in the index's own folder; do not use this index"
                            .formatted(HeaderJson.quote(shard)));
        }
        if (!shard.endsWith(CheckpointNames.SUFFIX)) {
            throw broken(
                    Violation.SHARD_NOT_SAFETENSORS,
                    "shard %s does not end in %s; %s"
                            .formatted(
                                    HeaderJson.quote(shard),
                                    CheckpointNames.SUFFIX,
                                    ForeignFormat.NO_PICKLE));
        }
        return shard;
    }

    private static boolean isPlainName(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            return false;
        }
        if (name.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':' || c == 0)) {
            return false;
        }
        try {
            return Path.of(name).getNameCount() == 1;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private SafetensorsException broken(Violation violation, String what) {
        return new SafetensorsException(violation, path, what);
    }
}
