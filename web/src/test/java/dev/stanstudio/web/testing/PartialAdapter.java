package dev.stanstudio.web.testing;

import dev.stanstudio.safetensors.SafetensorsWriter;
import dev.stanstudio.safetensors.StoredType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A LoRA of the tiny model with a part for a text encoder, which is not applied. */
public final class PartialAdapter {
    /** Words that are said of it. */
    public static final String SAID = "1 modules of text_encoder are left out";

    private static final long WIDTH = 64;

    private PartialAdapter() {}

    private static final float VALUE = 0.1f;

    /** Writes it as {@code file}, which it gives back. */
    public static Path write(Path file) {
        return write(file, VALUE);
    }

    /** Writes it with other numbers. */
    public static Path write(Path file, float value) {
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_A.weight",
                                2,
                                WIDTH,
                                value),
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_B.weight",
                                WIDTH,
                                2,
                                value),
                        tensor("text_encoder.text_model.q_proj.lora_A.weight", 2, 16, value),
                        tensor("text_encoder.text_model.q_proj.lora_B.weight", 16, 2, value)));
        return file;
    }

    /** Writes a file of LoRA mixed with a Tucker decomposition, which is refused. */
    public static void writeOther(Path file) {
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_A.weight",
                                2,
                                WIDTH,
                                VALUE),
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_B.weight",
                                WIDTH,
                                2,
                                VALUE),
                        tensor("transformer.transformer_blocks.1.attn.to_q.lokr_t2", 8, 8, VALUE)));
    }

    private static SafetensorsWriter.Tensor tensor(
            String name, long rows, long columns, float value) {
        ByteBuffer bytes =
                ByteBuffer.allocate((int) (4 * rows * columns)).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(value);
        }
        return new SafetensorsWriter.Tensor(
                name,
                StoredType.F32,
                List.of(rows, columns),
                channel -> channel.write(bytes.duplicate().flip()));
    }
}
