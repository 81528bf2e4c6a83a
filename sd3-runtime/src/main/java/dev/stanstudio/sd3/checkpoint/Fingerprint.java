package dev.stanstudio.sd3.checkpoint;

import dev.stanstudio.safetensors.StoredTensor;
import dev.stanstudio.safetensors.TensorCollection;
import dev.stanstudio.safetensors.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model's identity: SHA-256 over every tensor's name, type and shape in the order of the names,
 * and over up to 4 KiB from the middle of each tensor's bytes. Two trainings of one architecture
 * differ in every tensor, so a sample of each is enough, and a 20 GB model takes a moment.
 */
public final class Fingerprint {
    private static final int SAMPLE = 4096;

    private Fingerprint() {}

    /**
     * The identity of the tensors of {@code collections}, taken in that order: 64 hexadecimal
     * digits.
     *
     * @throws dev.stanstudio.safetensors.SafetensorsException if a file changed or cannot be read
     */
    public static String of(List<TensorCollection> collections) {
        MessageDigest digest = sha256();
        for (TensorCollection collection : collections) {
            Map<String, StoredTensor> sorted = new TreeMap<>(collection.tensors());
            sorted.forEach((name, tensor) -> add(digest, tensor));
            digest.update((byte) '\n');
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void add(MessageDigest digest, StoredTensor tensor) {
        TensorInfo info = tensor.info();
        String head = info.name() + ' ' + info.type().fileName() + ' ' + info.shape() + '\n';
        digest.update(head.getBytes(StandardCharsets.UTF_8));
        int length = (int) Math.min(SAMPLE, info.byteSize());
        ByteBuffer sample = ByteBuffer.allocate(length);
        tensor.file().read(info, (info.byteSize() - length) / 2, sample);
        digest.update(sample.flip());
    }
}
