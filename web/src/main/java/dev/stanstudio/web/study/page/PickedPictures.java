package dev.stanstudio.web.study.page;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.web.picture.MethodAdapters;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.source.StudyPictures;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;

/**
 * Pictures that were ticked in the gallery, as what a study compares. Methods are named with the
 * hashes of their adapters, so that two adapters of one name are two methods. Thread-safe.
 */
final class PickedPictures {
    private final PictureTable table;
    private final MethodAdapters adapters;
    private final PictureFiles files;

    PickedPictures(StudioContext studio) {
        this.table = new PictureTable(studio.database(), studio.clock());
        this.adapters = new MethodAdapters(table);
        this.files = new PictureFiles(studio.home());
    }

    /**
     * Rows of those that every method has. A picture that is named twice is taken once.
     *
     * @throws UserException when nothing can be compared among them, or some are not there
     */
    StudyPictures material(Collection<String> ids) {
        List<String> chosen = ids.stream().distinct().toList();
        List<StudyPictures.Entry> entries =
                table.find(chosen).stream()
                        .filter(picture -> picture.state().isDone() && !picture.deleted())
                        .map(this::entry)
                        .filter(entry -> Files.isRegularFile(entry.file()))
                        .toList();
        int missing = chosen.size() - entries.size();
        if (missing > 0) {
            throw new UserException(
                    """
                    %d of the %d chosen pictures %s not drawn, in the bin or gone; choose them \
                    anew in the gallery\
                    """
                            .formatted(missing, chosen.size(), missing == 1 ? "is" : "are"));
        }
        return Sources.entries(entries);
    }

    private StudyPictures.Entry entry(StoredPicture picture) {
        StoredPicture.Subject subject = picture.subject();
        return new StudyPictures.Entry(
                MethodNames.identified(subject.method(), adapters.hashes(picture)),
                subject.prompt(),
                subject.style(),
                String.valueOf(subject.seed()),
                files.png(picture.id()));
    }
}
