package dev.stanstudio.datasets.export;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Orientation;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PictureFormat;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.base.image.PngFile;
import dev.stanstudio.base.image.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Programs that read an export, by what they do with a picture's orientation and transparency. What
 * one of them would see otherwise than this program is written as PNG as it is seen: turned
 * upright, over white, without loss against the decoded picture.
 */
enum PeerReader {
    /** Hugging Face's datasets turns pictures by EXIF and XMP, and keeps alpha. */
    HUGGING_FACE {
        @Override
        boolean misreads(PictureHeader picture) {
            return false;
        }
    },
    /**
     * kohya's scripts take pixels as stored, drop alpha, and look for few formats (sd-scripts,
     * library/train_util.py).
     */
    KOHYA {
        @Override
        boolean misreads(PictureHeader picture) {
            return !KOHYA_FORMATS.contains(picture.format())
                    || picture.orientation() != Orientation.UPRIGHT
                    || picture.transparent();
        }
    },
    /** The webdataset library decodes by Pillow, which turns TIFF alone. */
    WEBDATASET {
        @Override
        boolean misreads(PictureHeader picture) {
            return picture.format() != PictureFormat.TIFF
                    && picture.orientation() != Orientation.UPRIGHT;
        }
    };

    private static final Set<PictureFormat> KOHYA_FORMATS =
            Set.of(PictureFormat.PNG, PictureFormat.JPEG, PictureFormat.WEBP, PictureFormat.BMP);

    /** A picture's file to write: its bytes, and the ending of its name without the dot. */
    static final class Exported {
        private final byte[] bytes;
        private final String extension;

        private Exported(byte[] bytes, String extension) {
            this.bytes = bytes;
            this.extension = extension;
        }

        byte[] bytes() {
            return bytes;
        }

        String extension() {
            return extension;
        }
    }

    abstract boolean misreads(PictureHeader picture);

    /** The file for {@code entry}; null where it had to be skipped, which the run has counted. */
    @Nullable Exported file(Entry entry, ExportRun run) {
        byte[] bytes = run.read(entry);
        if (bytes == null) {
            return null;
        }
        Path file = run.file(entry);
        try {
            if (this == HUGGING_FACE || !misreads(PictureHeader.of(file))) {
                return new Exported(bytes, entry.extension());
            }
            return new Exported(PngFile.bytes(Picture.read(file, Reading.SEEN), List.of()), "png");
        } catch (UserException e) {
            run.skip(String.valueOf(e.getMessage()));
            return null;
        }
    }
}
