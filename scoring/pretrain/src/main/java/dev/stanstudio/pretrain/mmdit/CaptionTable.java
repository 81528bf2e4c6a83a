package dev.stanstudio.pretrain.mmdit;

import dev.stanstudio.engine.DType;
import dev.stanstudio.engine.Device;
import dev.stanstudio.engine.Scope;
import dev.stanstudio.engine.Tensor;
import dev.stanstudio.engine.Tensors;
import dev.stanstudio.sd3.text.Prompt;
import dev.stanstudio.sd3.text.PromptEmbeds;
import dev.stanstudio.sd3.text.PromptEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds the encoded captions, each different one once, in fp16; row 0 is the empty caption's.
 * Immutable; its scope owns the tables.
 *
 * @param tokens [rows, M, joint width]
 * @param pooled [rows, pooled width]
 * @param lastRepeats how many equal tokens the last one stands for
 * @param rowOf the row of each item
 */
record CaptionTable(Tensor tokens, Tensor pooled, int lastRepeats, List<Integer> rowOf) {
    /** Row of the empty caption. */
    static final int EMPTY = 0;

    /** Encodes {@code captions}; {@code scope} owns the tables. */
    static CaptionTable encode(
            Scope scope,
            PromptEncoder encoder,
            PromptEncoder.Reading reading,
            List<String> captions) {
        Map<String, Integer> rows = new LinkedHashMap<>();
        rows.put("", EMPTY);
        List<Integer> rowOf = new ArrayList<>();
        for (String caption : captions) {
            Integer row = rows.get(caption);
            if (row == null) {
                row = rows.size();
                rows.put(caption, row);
            }
            rowOf.add(row);
        }
        List<byte[]> tokens = new ArrayList<>();
        List<byte[]> pooled = new ArrayList<>();
        long[] shape = new long[3];
        int repeats = 1;
        for (String caption : rows.keySet()) {
            try (Scope local = Scope.open("caption")) {
                PromptEmbeds embeds = encoder.encode(local, Prompt.of(caption), reading, () -> {});
                tokens.add(half(local, embeds.tokens()));
                pooled.add(half(local, embeds.pooled()));
                shape[1] = embeds.tokens().size(1);
                shape[2] = embeds.tokens().size(2);
                repeats = embeds.lastRepeats();
            }
        }
        int n = rows.size();
        return new CaptionTable(
                table(scope, tokens, n, shape[1], shape[2]),
                table(scope, pooled, n, pooled.get(0).length / 2),
                repeats,
                List.copyOf(rowOf));
    }

    private static byte[] half(Scope scope, Tensor tensor) {
        return Tensors.to(scope, tensor, Device.CPU, DType.FP16).toBytes();
    }

    private static Tensor table(Scope scope, List<byte[]> rows, long... shape) {
        ByteBuffer all = ByteBuffer.allocateDirect(rows.get(0).length * rows.size());
        rows.forEach(all::put);
        return Tensors.ofBytes(scope, all.flip(), DType.FP16, shape);
    }
}
