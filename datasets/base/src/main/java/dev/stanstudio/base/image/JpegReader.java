package dev.stanstudio.base.image;

import dev.stanstudio.base.UserException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes JPEG files with the JDK's libjpeg, their colours taken as Pillow takes them. */
final class JpegReader {
    /** More scans than any program writes; libjpeg-turbo recommends the same limit. */
    static final int MAX_SCANS = 500;

    /** A scan costs a pass over all blocks, even if nothing is in it. */
    static final long MAX_SCAN_PIXELS = 4_000_000_000L;

    private JpegReader() {}

    static Picture read(Path file, ImageReader reader) throws IOException {
        JpegSegments segments = JpegSegments.of(file);
        JpegFrame frame = segments.frame();
        if (frame == null) {
            throw new UserException("picture " + file + " is damaged: it has no frame header");
        }
        String refusal = frame.refusal();
        if (refusal != null) {
            throw new UserException(
                    "picture " + file + " is " + refusal + "; save it as an ordinary JPEG or PNG");
        }
        PictureReader.refuseBomb(file, frame.width(), frame.height());
        refuseScans(file, frame, segments.scanCount());
        JpegColours colours = segments.colours(frame);
        byte[] plain = segments.plain(colours);
        reader.setInput(
                new MemoryCacheImageInputStream(new ByteArrayInputStream(plain)), true, true);
        // The reader paints what a truncated file lacks grey, and only warns.
        AtomicBoolean truncated = new AtomicBoolean();
        reader.addIIOReadWarningListener(
                (source, warning) -> {
                    if (warning.startsWith("Truncated File")) {
                        truncated.set(true);
                    }
                });
        Picture picture = samples(reader, colours);
        if (truncated.get()) {
            throw new UserException("picture " + file + " is truncated; fetch it again");
        }
        return picture;
    }

    private static void refuseScans(Path file, JpegFrame frame, int scans) {
        long passes = (long) scans * frame.width() * frame.height();
        if (scans > MAX_SCANS || passes > MAX_SCAN_PIXELS) {
            throw new UserException(
                    ("picture %s has %d scans of %dx%d pixels, more than the limits of %d scans and"
                                    + " %d pixels in all; save it with fewer scans")
                            .formatted(
                                    file,
                                    scans,
                                    frame.width(),
                                    frame.height(),
                                    MAX_SCANS,
                                    MAX_SCAN_PIXELS));
        }
    }

    private static Picture samples(ImageReader reader, JpegColours colours) throws IOException {
        return switch (colours) {
            case CMYK -> RasterSamples.ofInvertedCmyk(reader.readRaster(0, null), false);
            case YCCK -> RasterSamples.ofInvertedCmyk(reader.readRaster(0, null), true);
            case RGB, LUMA_CHROMA -> {
                ImageReadParam param = reader.getDefaultReadParam();
                BufferedImage rgb = RasterSamples.rgbImage(reader.getWidth(0), reader.getHeight(0));
                param.setDestination(rgb);
                yield RasterSamples.ofRgbImage(reader.read(0, param));
            }
            case GREY -> RasterSamples.of(reader.read(0), false);
        };
    }
}
