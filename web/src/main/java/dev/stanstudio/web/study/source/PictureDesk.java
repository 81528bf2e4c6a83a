package dev.stanstudio.web.study.source;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.picture.Picture;
import dev.stanstudio.datasets.picture.PictureHeader;
import dev.stanstudio.datasets.picture.Reading;
import dev.stanstudio.datasets.picture.ResampleFilter;
import dev.stanstudio.datasets.picture.Resampler;
import dev.stanstudio.web.server.Signer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Makes pictures alike in everything but what they show: the same size in pixels and in bytes, one
 * encoder, no metadata, random names.
 */
final class PictureDesk {
    private static final int TILE = 16;
    private static final int END_CHUNK = 12;
    private static final String PADDING = "paDd";
    private static final double SHAPE_TOLERANCE = 0.02;

    private final Path folder;
    private final int width;
    private final int height;

    private PictureDesk(Path folder, int width, int height) {
        this.folder = folder;
        this.width = width;
        this.height = height;
    }

    /**
     * A desk that writes into {@code folder} at the size of the smallest picture.
     *
     * @throws UserException when the pictures differ in shape
     */
    static PictureDesk of(Path folder, List<Path> pictures, int largestSide) {
        int width = Integer.MAX_VALUE;
        int height = Integer.MAX_VALUE;
        double shape = 0;
        for (Path file : pictures) {
            PictureHeader picture = PictureHeader.of(file);
            double own = (double) picture.width() / picture.height();
            if (shape != 0 && Math.abs(own / shape - 1) > SHAPE_TOLERANCE) {
                throw new UserException(
                        file
                                + " is "
                                + picture.width()
                                + "×"
                                + picture.height()
                                + ", of another shape than the pictures before it; crop them alike,"
                                + " since the shape would tell voters the method");
            }
            shape = own;
            if (picture.width() < width) {
                width = picture.width();
                height = picture.height();
            }
        }
        double scale = Math.min(1, (double) largestSide / Math.max(width, height));
        return new PictureDesk(
                folder,
                Math.max(1, (int) Math.round(width * scale)),
                Math.max(1, (int) Math.round(height * scale)));
    }

    /** Writes the picture at the desk's size; returns its random name. */
    String copy(Path source) {
        return write(sized(source));
    }

    /** Writes the picture cut into tiles that lie anywhere, which nobody can prefer. */
    String spoiled(Path source, long seed) {
        Picture picture = sized(source);
        List<Integer> tiles =
                new java.util.ArrayList<>(
                        IntStream.range(0, (width / TILE) * (height / TILE)).boxed().toList());
        Collections.shuffle(tiles, new Random(seed));
        byte[] from = picture.samples();
        byte[] to = from.clone();
        int across = Math.max(1, width / TILE);
        for (int t = 0; t < tiles.size(); t++) {
            int moved = tiles.get(t);
            for (int row = 0; row < TILE; row++) {
                int at = ((t / across * TILE + row) * width + t % across * TILE) * 3;
                int of = ((moved / across * TILE + row) * width + moved % across * TILE) * 3;
                System.arraycopy(from, of, to, at, TILE * 3);
            }
        }
        return write(Picture.of(width, height, picture.mode(), to));
    }

    /** Writes a square of the middle of a reference picture; returns its random name. */
    String reference(Path source, int side) {
        Picture picture = Picture.read(source, Reading.SEEN);
        int cut = Math.min(picture.width(), picture.height());
        Picture square =
                picture.crop((picture.width() - cut) / 2, (picture.height() - cut) / 2, cut, cut);
        return write(Resampler.of(ResampleFilter.LANCZOS).resize(square, side, side));
    }

    private Picture sized(Path source) {
        Picture picture = Picture.read(source, Reading.SEEN);
        return picture.width() == width && picture.height() == height
                ? picture
                : Resampler.of(ResampleFilter.LANCZOS).resize(picture, width, height);
    }

    private String write(Picture picture) {
        String name = Signer.randomText(12) + ".png";
        picture.writePng(folder.resolve(name));
        return name;
    }

    /** Pads the named files to one length with a chunk that viewers skip. */
    void pad(List<String> names) {
        try {
            long longest = 0;
            for (String name : names) {
                longest = Math.max(longest, Files.size(folder.resolve(name)));
            }
            for (String name : names) {
                Path file = folder.resolve(name);
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, padded(bytes, (int) (longest - bytes.length)));
            }
        } catch (IOException e) {
            throw new UserException("cannot write in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static byte[] padded(byte[] png, int zeros) {
        byte[] type = PADDING.getBytes(StandardCharsets.US_ASCII);
        byte[] data = new byte[zeros];
        CRC32 crc = new CRC32();
        crc.update(type);
        crc.update(data);
        ByteArrayOutputStream out = new ByteArrayOutputStream(png.length + zeros + END_CHUNK);
        out.writeBytes(Arrays.copyOf(png, png.length - END_CHUNK));
        out.writeBytes(ByteBuffer.allocate(4).putInt(zeros).array());
        out.writeBytes(type);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        out.writeBytes(Arrays.copyOfRange(png, png.length - END_CHUNK, png.length));
        return out.toByteArray();
    }
}
