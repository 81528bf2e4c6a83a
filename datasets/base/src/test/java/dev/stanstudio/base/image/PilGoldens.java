package dev.stanstudio.base.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** Pillow's answers: the {@code pil} folder of the reference outputs. */
final class PilGoldens {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final JsonNode index;

    private PilGoldens(Path folder, JsonNode index) {
        this.folder = folder;
        this.index = index;
    }

    static PilGoldens require() throws IOException {
        Path folder = Path.of(System.getProperty("studio.goldens", "")).resolve("pil");
        Assumptions.assumeTrue(
                Files.isRegularFile(folder.resolve("index.json")),
                () -> "skipped: no reference outputs in " + folder.toAbsolutePath());
        return new PilGoldens(
                folder, JSON.readTree(Files.readString(folder.resolve("index.json"))));
    }

    JsonNode rows(String kind) {
        return index.get(kind);
    }

    Path path(JsonNode row, String key) {
        return folder.resolve(row.get(key).asText());
    }

    /** A uint8 tensor of {@code convert.safetensors}. */
    byte[] tensor(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("convert.safetensors"));
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String json = new String(bytes, 8, header, StandardCharsets.UTF_8);
        JsonNode offsets = JSON.readTree(json).get(name).get("data_offsets");
        int data = 8 + header;
        return Arrays.copyOfRange(
                bytes, data + offsets.get(0).asInt(), data + offsets.get(1).asInt());
    }

    /** The largest difference of two pictures' samples, or 256 where their shapes differ. */
    static int difference(Picture a, Picture b) {
        if (a.width() != b.width() || a.height() != b.height() || a.mode() != b.mode()) {
            return 256;
        }
        int largest = 0;
        for (int i = 0; i < a.array().length; i++) {
            largest = Math.max(largest, Math.abs((a.array()[i] & 0xFF) - (b.array()[i] & 0xFF)));
        }
        return largest;
    }
}
