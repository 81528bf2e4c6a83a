package dev.stanstudio.base.image;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.RegularFile;
import dev.stanstudio.base.UserException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The comment in a picture's EXIF block (CIPA DC-008, tag 0x9286, UserComment), where programs that
 * save JPEG and WebP leave their settings.
 */
public final class ExifComment {
    private static final int EXIF_DIRECTORY = 0x8769;
    private static final int USER_COMMENT = 0x9286;
    private static final int CODE_BYTES = 8;
    private static final Set<String> CODES = Set.of("ASCII", "UNICODE", "JIS", "");
    private static final int HEAD_BYTES = 1 << 20;

    private ExifComment() {}

    /**
     * Returns whether the file is a JPEG or a WebP, which keep texts nowhere else.
     *
     * @throws UserException when the file cannot be read
     */
    public static boolean isKept(Path file) {
        byte[] head = head(file, 12);
        boolean jpeg = head.length > 1 && (head[0] & 0xFF) == 0xFF && (head[1] & 0xFF) == 0xD8;
        return jpeg || isWebp(head);
    }

    private static boolean isWebp(byte[] head) {
        return head.length == 12
                && new String(head, 0, 4, StandardCharsets.US_ASCII).equals("RIFF")
                && new String(head, 8, 4, StandardCharsets.US_ASCII).equals("WEBP");
    }

    /** A block's first directory and the order of its bytes. */
    private record Block(Directory root, boolean littleEndian) {
        Optional<String> comment() {
            Entry exif = root.getEntryById(EXIF_DIRECTORY);
            Entry inner =
                    exif != null && exif.getValue() instanceof Directory directory
                            ? directory.getEntryById(USER_COMMENT)
                            : null;
            // Pillow keeps the tag where the program put it, which may be the first directory.
            Entry comment = inner != null ? inner : root.getEntryById(USER_COMMENT);
            if (comment == null) {
                return Optional.empty();
            }
            return comment.getValue() instanceof byte[] bytes
                    ? text(bytes, littleEndian)
                    : written(comment.getValue());
        }
    }

    /**
     * The comment of a JPEG, PNG or WebP file; nothing where there is none or its block makes no
     * sense.
     *
     * @throws UserException when the file cannot be read
     */
    public static Optional<String> of(Path file) {
        return read(file, Block::comment, Optional.empty());
    }

    /**
     * The texts in the first directory of a file's EXIF block, such as its maker and model, in
     * which some programs keep settings too.
     *
     * @throws UserException when the file cannot be read
     */
    public static List<String> texts(Path file) {
        return read(
                file,
                block -> {
                    List<String> texts = new ArrayList<>();
                    block.root.forEach(entry -> written(entry.getValue()).ifPresent(texts::add));
                    return texts;
                },
                List.of());
    }

    private static <T> T read(Path file, Function<Block, T> reading, T otherwise) {
        byte[] block = block(file);
        if (block == null) {
            return otherwise;
        }
        byte[] tiff = OrientationTag.unnamed(block);
        try (MemoryCacheImageInputStream in =
                new MemoryCacheImageInputStream(new ByteArrayInputStream(tiff))) {
            return reading.apply(new Block(new TIFFReader().read(in), tiff[0] == 'I'));
        } catch (IOException | RuntimeException e) {
            // Metadata of another program; the picture is read without it.
            return otherwise;
        }
    }

    private static Optional<String> written(@Nullable Object value) {
        return value instanceof String text && !text.isBlank()
                ? Optional.of(text.replace("\0", "").strip())
                : Optional.empty();
    }

    private static byte @Nullable [] block(Path file) {
        byte[] head = head(file, 12);
        try {
            if (isWebp(head)) {
                return WebpChunks.find(file, "EXIF");
            }
            if (isKept(file)) {
                return new JpegSegments(head(file, HEAD_BYTES)).exif();
            }
            return PngChunks.isPng(file)
                    ? PngChunks.read(file, Set.of("eXIf")).stream()
                            .findFirst()
                            .map(PngChunk::data)
                            .orElse(null)
                    : null;
        } catch (IOException e) {
            throw new UserException(
                    "picture " + file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    private static byte[] head(Path file, int bytes) {
        try (InputStream in = RegularFile.open(file)) {
            return in.readNBytes(bytes);
        } catch (IOException e) {
            throw new UserException(
                    "picture " + file + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    /**
     * Eight bytes name the code. "UNICODE" is UTF-16 of either order: the block's as the standard
     * has it, the big-endian one as most programs write it. Without a code all bytes are text.
     */
    private static Optional<String> text(byte[] bytes, boolean littleEndian) {
        if (bytes.length <= CODE_BYTES) {
            return Optional.empty();
        }
        String code = new String(bytes, 0, CODE_BYTES, StandardCharsets.US_ASCII);
        byte[] rest = Arrays.copyOfRange(bytes, CODE_BYTES, bytes.length);
        if (!CODES.contains(code.replace("\0", "").strip())) {
            rest = bytes;
        }
        String text =
                code.startsWith("UNICODE")
                        ? utf16(rest, littleEndian)
                        : new String(rest, StandardCharsets.UTF_8);
        String bare = text.replace("\0", "").strip();
        return bare.isEmpty() ? Optional.empty() : Optional.of(bare);
    }

    /** Settings are mostly ASCII, whose upper byte is 0: the zeros show the order. */
    private static String utf16(byte[] rest, boolean littleEndian) {
        int even = 0;
        int odd = 0;
        for (int i = 0; i + 1 < rest.length; i += 2) {
            even += rest[i] == 0 ? 1 : 0;
            odd += rest[i + 1] == 0 ? 1 : 0;
        }
        boolean little = even == odd ? littleEndian : odd > even;
        return new String(rest, little ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }
}
