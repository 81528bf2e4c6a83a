package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.ImageSheet;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.imgscalr.Scalr;

/** Contact sheets: a PNG file of thumbnails per style, for people to look at. */
public final class StyleSheets {
    /** Pixels a side of a thumbnail's cell. */
    static final int CELL = 128;

    private static final int COLUMNS = 8;
    private static final int GAP = 4;
    private static final byte MISSING = (byte) 120;

    private StyleSheets() {}

    /**
     * Reports the sheets that were drawn.
     *
     * @param files the sheets
     * @param problems pictures that could not be read, with the reason; grey cells stand for them
     */
    public record Report(List<Path> files, List<String> problems) {}

    /**
     * Draws a sheet for every style.
     *
     * @param folder where they go; created
     * @param perStyle the most pictures on a sheet, spread evenly over those of the style
     * @throws UserException when the folder cannot be written or the collection is empty
     * @throws CancellationException when the thread is interrupted
     */
    public static Report write(StyleCollection collection, Path folder, int perStyle) {
        if (perStyle < 1) {
            throw new IllegalArgumentException(perStyle + " pictures per sheet; at least 1");
        }
        Map<String, List<StyleItem>> styles = new TreeMap<>();
        collection.forEach(
                item ->
                        item.labels()
                                .styles()
                                .forEach(
                                        style ->
                                                styles.computeIfAbsent(
                                                                style, name -> new ArrayList<>())
                                                        .add(item)));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserException(
                    "cannot make the folder " + folder + ": " + AtomicFile.reason(e), e);
        }
        Report report = new Report(new ArrayList<>(), new ArrayList<>());
        styles.forEach(
                (style, items) -> {
                    String name = style.replaceAll("[^\\p{L}\\p{N}]+", "-") + ".png";
                    Path file = folder.resolve(name);
                    sheet(collection, spread(items, perStyle), report.problems()).writePng(file);
                    report.files().add(file);
                });
        return report;
    }

    private static List<StyleItem> spread(List<StyleItem> items, int most) {
        int count = Math.min(items.size(), most);
        List<StyleItem> chosen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            chosen.add(items.get((int) ((long) i * items.size() / count)));
        }
        return chosen;
    }

    private static Picture sheet(
            StyleCollection collection, List<StyleItem> items, List<String> problems) {
        int columns = Math.min(COLUMNS, items.size());
        int rows = (items.size() + columns - 1) / columns;
        int width = GAP + columns * (CELL + GAP);
        int height = GAP + rows * (CELL + GAP);
        ImageSheet sheet = new ImageSheet(width, height);
        for (int i = 0; i < items.size(); i++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("contact sheets");
            }
            Picture thumbnail = thumbnail(collection, items.get(i), problems);
            int left = GAP + i % columns * (CELL + GAP) + (CELL - thumbnail.width()) / 2;
            int top = GAP + i / columns * (CELL + GAP) + (CELL - thumbnail.height()) / 2;
            sheet.place(thumbnail, left, top);
        }
        return sheet.picture();
    }

    private static Picture thumbnail(
            StyleCollection collection, StyleItem item, List<String> problems) {
        try {
            return shrink(collection.picture(item));
        } catch (UserException e) {
            problems.add(String.valueOf(e.getMessage()));
            byte[] grey = new byte[CELL * CELL * 3];
            Arrays.fill(grey, MISSING);
            return Picture.of(CELL, CELL, PixelMode.RGB, grey);
        }
    }

    private static Picture shrink(Picture picture) {
        if (Math.max(picture.width(), picture.height()) <= CELL) {
            return picture;
        }
        BufferedImage image =
                new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        byte[] rgb = picture.samples();
        for (int i = 0; i < rgb.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        BufferedImage small =
                Scalr.resize(image, Scalr.Method.QUALITY, Scalr.Mode.AUTOMATIC, CELL, CELL);
        int[] pixels =
                small.getRGB(0, 0, small.getWidth(), small.getHeight(), null, 0, small.getWidth());
        byte[] samples = new byte[pixels.length * 3];
        for (int i = 0; i < pixels.length; i++) {
            samples[3 * i] = (byte) (pixels[i] >> 16);
            samples[3 * i + 1] = (byte) (pixels[i] >> 8);
            samples[3 * i + 2] = (byte) pixels[i];
        }
        return Picture.of(small.getWidth(), small.getHeight(), PixelMode.RGB, samples);
    }
}
