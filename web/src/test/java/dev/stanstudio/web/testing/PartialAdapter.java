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

    /** Writes it as {@code file}, which it gives back. */
    public static Path write(Path file) {
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_A.weight",
                                2,
                                WIDTH),
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_B.weight",
                                WIDTH,
                                2),
                        tensor("text_encoder.text_model.q_proj.lora_A.weight", 2, 16),
                        tensor("text_encoder.text_model.q_proj.lora_B.weight", 16, 2)));
        return file;
    }

    /** Writes a file of LoRA mixed with LoKr, which is refused. */
    public static void writeOther(Path file) {
        SafetensorsWriter.write(
                file,
                Map.of(),
                List.of(
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_A.weight",
                                2,
                                WIDTH),
                        tensor(
                                "transformer.transformer_blocks.0.attn.to_q.lora_B.weight",
                                WIDTH,
                                2),
                        tensor("transformer.transformer_blocks.1.attn.to_q.lokr_w1", 8, 8)));
    }

    private static SafetensorsWriter.Tensor tensor(String name, long rows, long columns) {
        ByteBuffer bytes =
                ByteBuffer.allocate((int) (4 * rows * columns)).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putFloat(0.1f);
        }
        return new SafetensorsWriter.Tensor(
                name,
                StoredType.F32,
                List.of(rows, columns),
                channel -> channel.write(bytes.duplicate().flip()));
    }
}
