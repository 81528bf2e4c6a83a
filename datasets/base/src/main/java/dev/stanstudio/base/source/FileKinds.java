package dev.stanstudio.base.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Recognises pictures, labels and other files by their names, and pictures by their first bytes.
 */
public final class FileKinds {
    /** Number of bytes that {@link #looksLikePicture} needs. */
    public static final int HEAD = 16;

    private static final Set<String> READ =
            Set.of(
                    "jpg",
                    "jpeg",
                    "jpe",
                    "jfif",
                    "jif",
                    "pjpeg",
                    "pjp",
                    "jpg_large",
                    "jpeg_large",
                    "jpg_orig",
                    "png",
                    "png_large",
                    "apng",
                    "gif",
                    "bmp",
                    "dib",
                    "tif",
                    "tiff",
                    "webp");

    /**
     * Pictures of formats without a reader: they are tried, since endings can be wrong, and
     * reported.
     */
    private static final Set<String> UNREAD =
            Set.of(
                    "avif", "avifs", "jxl", "heic", "heif", "hif", "jp2", "j2k", "jpf", "jpx",
                    "jpm", "psd", "psb", "ico", "cur", "tga", "ppm", "pgm", "pbm", "pnm", "exr",
                    "hdr", "dds", "svg", "svgz", "pcx", "xcf", "qoi", "jxr", "wdp", "bpg", "eps",
                    "dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "pef", "srw", "kra");

    private static final Set<String> LABELS =
            Set.of("txt", "caption", "text", "json", "jsonl", "csv", "tsv", "cls");

    private static final Set<String> OTHER =
            Set.of(
                    "parquet",
                    "arrow",
                    "tar",
                    "tgz",
                    "gz",
                    "zst",
                    "zip",
                    "7z",
                    "rar",
                    "md",
                    "rst",
                    "html",
                    "htm",
                    "pdf",
                    "py",
                    "sh",
                    "ipynb",
                    "yaml",
                    "yml",
                    "toml",
                    "ini",
                    "cfg",
                    "log",
                    "npz",
                    "npy",
                    "pt",
                    "safetensors",
                    "xml",
                    "mp4",
                    "mp3",
                    "wav",
                    "webm");

    /** First bytes of the files of the common formats, as Latin-1. */
    private static final List<String> BEGINNINGS =
            List.of("\u00FF\u00D8\u00FF", "\u0089PNG", "GIF8", "II*\0", "MM\0*");

    private FileKinds() {}

    /** The ending of a file's name in lower case, without the dot; empty where it has none. */
    public static String ending(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') + 1
                ? name.substring(dot + 1).toLowerCase(Locale.ROOT)
                : "";
    }

    /**
     * Returns whether a file of this name is meant to be a picture, of a kind that is read or not.
     */
    public static boolean isPicture(String name) {
        String ending = ending(name);
        return READ.contains(ending) || UNREAD.contains(ending);
    }

    /**
     * Returns whether {@code file} is a picture by its name or, where that does not say, by its
     * bytes.
     */
    public static boolean isPicture(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (isKnown(name)) {
            return isPicture(name);
        }
        try (InputStream in = Files.newInputStream(file)) {
            return looksLikePicture(in.readNBytes(HEAD));
        }
    }

    /** Returns true if the kind of a file follows from its name, without its bytes. */
    public static boolean isKnown(String name) {
        String ending = ending(name);
        return READ.contains(ending)
                || UNREAD.contains(ending)
                || LABELS.contains(ending)
                || OTHER.contains(ending);
    }

    /** Returns true if a file of this name may label pictures. */
    public static boolean isLabel(String name) {
        return LABELS.contains(ending(name));
    }

    /**
     * Returns whether a file that begins with {@code head} is a JPEG, PNG, GIF, BMP, TIFF or WebP.
     */
    public static boolean looksLikePicture(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return BEGINNINGS.stream().anyMatch(text::startsWith)
                || (text.startsWith("RIFF") && text.startsWith("WEBP", 8))
                // A bitmap's four reserved bytes are zero.
                || (text.startsWith("BM") && text.startsWith("\0\0\0\0", 6));
    }
}
