package dev.stanstudio.sd3.metadata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;

/** Makes the smallest JPEG and WebP files that carry texts in an EXIF block. */
final class ExifBytes {
    /** The tag of the comment, which Pillow leaves in the first directory. */
    static final int COMMENT = 0x9286;

    private static final int ENTRY = 12;

    private ExifBytes() {}

    /** A file of one EXIF block with these fields of text in its first directory. */
    static byte[] of(String format, Map<Integer, String> fields) {
        byte[] block = block(fields);
        return format.equals("webp") ? webp(block) : jpeg(block);
    }

    private static byte[] block(Map<Integer, String> given) {
        Map<Integer, String> fields = new TreeMap<>(given);
        int head = 8 + 2 + fields.size() * ENTRY + 4;
        int length = head + fields.values().stream().mapToInt(v -> v.length() + 1).sum();
        ByteBuffer tiff = ByteBuffer.allocate(length);
        tiff.put("MM".getBytes(US_ASCII)).putShort((short) 42).putInt(8);
        tiff.putShort((short) fields.size());
        int[] at = {head};
        fields.forEach(
                (tag, text) -> {
                    tiff.putShort((short) (int) tag).putShort((short) 2);
                    tiff.putInt(text.length() + 1).putInt(at[0]);
                    at[0] += text.length() + 1;
                });
        tiff.putInt(0);
        fields.values().forEach(text -> tiff.put(text.getBytes(US_ASCII)).put((byte) 0));
        return tiff.array();
    }

    private static byte[] jpeg(byte[] block) {
        int length = 2 + 6 + block.length;
        ByteBuffer jpeg = ByteBuffer.allocate(2 + 2 + length + 2);
        jpeg.putShort((short) 0xFFD8).putShort((short) 0xFFE1).putShort((short) length);
        jpeg.put("Exif\0\0".getBytes(US_ASCII)).put(block).putShort((short) 0xFFD9);
        return jpeg.array();
    }

    private static byte[] webp(byte[] block) {
        int padded = block.length + (block.length & 1);
        ByteBuffer webp = ByteBuffer.allocate(12 + 18 + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes(US_ASCII)).putInt(webp.capacity() - 8);
        webp.put("WEBPVP8X".getBytes(US_ASCII)).putInt(10).put((byte) 8).put(new byte[9]);
        webp.put("EXIF".getBytes(US_ASCII)).putInt(block.length).put(block);
        return webp.array();
    }
}
