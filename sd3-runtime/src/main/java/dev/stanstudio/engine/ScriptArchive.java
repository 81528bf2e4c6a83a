package dev.stanstudio.engine;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Wraps program text as the zip that {@code torch.jit.load} reads: a module without state whose
 * methods are the text (layout: torch/csrc/jit/serialization/export_module.cpp and import.cpp).
 */
final class ScriptArchive {
    /** File format 10: older numbers bind older operator signatures. */
    private static final String FORMAT_VERSION = "10\n";

    private static final String CLASS_HEAD =
            "class K(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n";

    /** An empty tuple in pickle protocol 2. */
    private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

    private ScriptArchive() {}

    static PtSymbolBlock load(String text) throws IOException {
        byte[] archive = write(text);
        return JniUtils.loadModule(
                Torch.manager(), new ByteArrayInputStream(archive), false, false);
    }

    private static byte[] write(String text) throws IOException {
        StringBuilder source = new StringBuilder(CLASS_HEAD);
        text.lines().forEach(line -> source.append("  ").append(line).append('\n'));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            put(zip, "k/data.pkl", statelessModule());
            put(zip, "k/code/__torch__.py", source.toString().getBytes(StandardCharsets.UTF_8));
            put(zip, "k/constants.pkl", NO_CONSTANTS);
            put(zip, "k/version", FORMAT_VERSION.getBytes(StandardCharsets.US_ASCII));
            put(zip, "k/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    /**
     * The pickle of an object of class {@code __torch__.K} with the one attribute training=False.
     */
    private static byte[] statelessModule() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(0x80);
        pickle.write(2);
        pickle.writeBytes("c__torch__\nK\n)".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x81);
        pickle.writeBytes("}(X".getBytes(StandardCharsets.US_ASCII));
        pickle.writeBytes(new byte[] {8, 0, 0, 0});
        pickle.writeBytes("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(0x89);
        pickle.writeBytes("ub.".getBytes(StandardCharsets.US_ASCII));
        return pickle.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
