package dev.stanstudio.safetensors;

import dev.stanstudio.safetensors.SafetensorsException.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Recognises files of other formats that are given in place of safetensors, by their first bytes.
 */
final class ForeignFormat {
    /** The advice that goes with every refusal of a pickle. */
    static final String NO_PICKLE =
            "only safetensors are read; a pickle can run code; get the model's .safetensors, or"
                    + " convert it where you trust it";

    /** Number of first bytes that {@link #refuse} needs. */
    static final int PREFIX = 64;

    private static final byte[] GGUF = {'G', 'G', 'U', 'F'};
    private static final byte[] ZIP = {'P', 'K', 3, 4};
    private static final byte[] LFS = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);
    private static final int PICKLE_PROTOCOL = 0x80;
    private static final int LAST_PROTOCOL = 5;

    private ForeignFormat() {}

    /**
     * Refuses a pickle, a PyTorch zip, a GGUF file and a Git LFS pointer. Call it only once the
     * prefix is known not to be a safetensors header: a header length may begin with the very bytes
     * of a pickle.
     */
    static void refuse(Path file, ByteBuffer prefix) {
        if (startsWith(prefix, ZIP) || isPickle(prefix)) {
            throw new SafetensorsException(Violation.PICKLE, file, NO_PICKLE);
        }
        if (startsWith(prefix, GGUF)) {
            throw new SafetensorsException(
                    Violation.WRONG_KIND,
                    file,
                    "is a GGUF file, whose weights are quantised; only safetensors are read: get"
                            + " the model in fp16, bf16 or fp32");
        }
        if (startsWith(prefix, LFS)) {
            throw new SafetensorsException(
                    Violation.LFS_POINTER,
                    file,
                    "this is a Git LFS pointer, not the file itself; run \"git lfs pull\" in its"
                            + " repository");
        }
    }

    private static boolean isPickle(ByteBuffer prefix) {
        return prefix.limit() >= 2
                && Byte.toUnsignedInt(prefix.get(0)) == PICKLE_PROTOCOL
                && prefix.get(1) >= 1
                && prefix.get(1) <= LAST_PROTOCOL;
    }

    private static boolean startsWith(ByteBuffer prefix, byte[] magic) {
        return prefix.limit() >= magic.length
                && prefix.slice(0, magic.length).equals(ByteBuffer.wrap(magic));
    }
}
