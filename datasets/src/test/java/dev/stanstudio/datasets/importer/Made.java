package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Small pictures, folders and archives for tests. */
final class Made {
    private Made() {}

    /** A 24x16 picture; equal numbers give equal bytes, different ones different. */
    static byte[] picture(int number, String format) {
        BufferedImage image = new BufferedImage(24, 16, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(new Color(number * 7919 & 0xFFFFFF));
        pen.fillRect(number % 11, number % 5, 12, 10);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] png(int number) {
        return picture(number, "png");
    }

    static byte[] jpg(int number) {
        return picture(number, "jpg");
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Path folder(Path root, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return root;
    }

    static Path zip(Path file, Map<String, byte[]> files) throws IOException {
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                // Stored, so that tests can damage a member's bytes in place.
                ZipArchiveEntry member = new ZipArchiveEntry(entry.getKey());
                zip.setMethod(ZipArchiveOutputStream.STORED);
                CRC32 sum = new CRC32();
                sum.update(entry.getValue());
                member.setCrc(sum.getValue());
                member.setSize(entry.getValue().length);
                zip.putArchiveEntry(member);
                zip.write(entry.getValue());
                zip.closeArchiveEntry();
            }
        }
        return file;
    }

    static Path tar(Path file, Map<String, byte[]> files) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> entry : files.entrySet()) {
                TarArchiveEntry member = new TarArchiveEntry(entry.getKey(), true);
                member.setSize(entry.getValue().length);
                tar.putArchiveEntry(member);
                tar.write(entry.getValue());
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    static ImportReport run(Path source, Path out) {
        return CollectionImport.run(source, out, ImportOptions.DEFAULTS, (done, skipped) -> {});
    }

    static ImportOptions stop() {
        return new ImportOptions(
                ImportOptions.AUTO,
                ImportOptions.OnError.STOP,
                null,
                null,
                null,
                true,
                ImportOptions.DEFAULT_MAX_PIXELS,
                2);
    }

    static ImportOptions styled(String style) {
        return new ImportOptions(
                ImportOptions.AUTO,
                ImportOptions.OnError.SKIP,
                style,
                null,
                null,
                true,
                ImportOptions.DEFAULT_MAX_PIXELS,
                1);
    }

    static List<StyleItem> items(Path collection) {
        List<StyleItem> items = new ArrayList<>();
        StyleCollection.open(collection).forEach(items::add);
        return items;
    }

    /** Every file of a folder by its path, with its bytes as Latin-1. */
    static Map<String, String> snapshot(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return files;
    }
}
