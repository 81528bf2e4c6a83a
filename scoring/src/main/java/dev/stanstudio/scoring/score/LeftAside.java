package dev.stanstudio.scoring.score;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Orientation;
import dev.stanstudio.base.image.PictureFormat;
import dev.stanstudio.base.image.PictureHeader;
import dev.stanstudio.scoring.manifest.Problem;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** Tells what a picture file states that {@code Reading.STORED} does not follow. */
final class LeftAside {
    private LeftAside() {}

    /** Nothing for a file that cannot be read, which its decoder names. */
    static Set<Problem.Kind> of(Path file) {
        Set<Problem.Kind> aside = EnumSet.noneOf(Problem.Kind.class);
        try {
            PictureHeader picture = PictureHeader.of(file);
            if (picture.transparent()) {
                aside.add(Problem.Kind.TRANSPARENT);
            }
            if (picture.orientation() != Orientation.UPRIGHT
                    && picture.format() != PictureFormat.TIFF) {
                aside.add(Problem.Kind.TURNED);
            }
        } catch (UserException e) {
            return Set.of();
        }
        return aside;
    }
}
