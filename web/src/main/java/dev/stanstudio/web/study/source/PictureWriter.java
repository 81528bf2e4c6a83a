package dev.stanstudio.web.study.source;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.base.image.Reading;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.web.study.plan.KeyedRandom;
import dev.stanstudio.web.study.plan.PictureNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Makes pictures alike in everything but what they show: the same size in pixels and in bytes, one
 * encoder, no metadata, random names.
 */
final class PictureWriter {
    private static final int TILE = 16;
    private static final double SHAPE_TOLERANCE = 0.02;

    private final Path folder;
    private final int width;
    private final int height;
    private final PictureNames names;
    private final PictureNames referenceNames;
    private final KeyedRandom spoiling;

    private PictureWriter(byte[] secret, Path folder, int width, int height) {
        this.names = PictureNames.ofPictures(secret);
        this.referenceNames = PictureNames.ofReferences(secret);
        this.spoiling = new KeyedRandom(secret, "spoiling");
        this.folder = folder;
        this.width = width;
        this.height = height;
    }

    /**
     * A writer into {@code folder} at the size of the smallest picture.
     *
     * @throws UserException when the pictures differ in shape
     */
    static PictureWriter of(byte[] secret, Path folder, List<Path> pictures, int largestSide) {
        int width = Integer.MAX_VALUE;
        int height = Integer.MAX_VALUE;
        double shape = 0;
        for (Path file : pictures) {
            PictureHeader picture = PictureHeader.of(file);
            double own = (double) picture.width() / picture.height();
            if (shape != 0 && Math.abs(own / shape - 1) > SHAPE_TOLERANCE) {
                throw new UserException(
                        ("%s is %s×%s, of another shape than the pictures before it; crop them"
                                        + " alike, since the shape would tell voters the method")
                                .formatted(file, picture.width(), picture.height()));
            }
            shape = own;
            if (picture.width() < width) {
                width = picture.width();
                height = picture.height();
            }
        }
        double scale = Math.min(1, (double) largestSide / Math.max(width, height));
        return new PictureWriter(
                secret,
                folder,
                Math.max(1, (int) Math.round(width * scale)),
                Math.max(1, (int) Math.round(height * scale)));
    }

    /** Writes the picture at the size of all; returns its name. */
    String copy(Path source) {
        return write(names.next(), sized(source));
    }

    /** Writes the picture cut into tiles that lie anywhere, which nobody can prefer. */
    String spoiled(Path source) {
        Picture picture = sized(source);
        List<Integer> tiles =
                new ArrayList<>(
                        IntStream.range(0, (width / TILE) * (height / TILE)).boxed().toList());
        spoiling.shuffle(tiles);
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
        return write(names.next(), Picture.of(width, height, picture.mode(), to));
    }

    /** Writes a square of the middle of a reference picture; returns its name. */
    String reference(Path source, int side) {
        Picture picture = Picture.read(source, Reading.SEEN);
        int cut = Math.min(picture.width(), picture.height());
        Picture square =
                picture.crop((picture.width() - cut) / 2, (picture.height() - cut) / 2, cut, cut);
        return write(
                referenceNames.next(),
                Resampler.of(ResampleFilter.LANCZOS).resize(square, side, side));
    }

    private Picture sized(Path source) {
        Picture picture = Picture.read(source, Reading.SEEN);
        return picture.width() == width && picture.height() == height
                ? picture
                : Resampler.of(ResampleFilter.LANCZOS).resize(picture, width, height);
    }

    private String write(String name, Picture picture) {
        byte[] png =
                StoredPng.encode(
                        new StoredPng.Pixels(picture.width(), picture.height(), picture.samples()));
        AtomicFile.write(folder.resolve(name), out -> out.write(png));
        return name;
    }
}
