package dev.stanstudio.web.study.page;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.StudioContext;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.source.StudyPictures;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;

/** Pictures that were ticked in the gallery, as what a study compares. Thread-safe. */
final class PickedPictures {
    private final PictureTable table;
    private final PictureFiles files;

    PickedPictures(StudioContext studio) {
        this.table = new PictureTable(studio.database(), studio.clock());
        this.files = new PictureFiles(studio.home());
    }

    /**
     * Rows of those that every method has.
     *
     * @throws UserException when nothing can be compared among them
     */
    StudyPictures material(Collection<String> ids) {
        return Sources.entries(
                table.find(List.copyOf(ids)).stream()
                        .filter(picture -> picture.state().isDone())
                        .map(this::entry)
                        .filter(entry -> Files.isRegularFile(entry.file()))
                        .toList());
    }

    private StudyPictures.Entry entry(StoredPicture picture) {
        StoredPicture.Subject subject = picture.subject();
        return new StudyPictures.Entry(
                subject.method(),
                subject.prompt(),
                subject.style(),
                String.valueOf(subject.seed()),
                files.png(picture.id()));
    }
}
