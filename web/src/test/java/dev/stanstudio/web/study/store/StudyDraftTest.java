package dev.stanstudio.web.study.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies that are not made to their end. */
class StudyDraftTest {
    @TempDir Path folder;

    private static Set<String> in(Path studies) throws IOException {
        try (Stream<Path> folders = Files.list(studies)) {
            return folders.map(f -> f.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    @Test
    void aFailedStudyLeavesNothing() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Path pictures = studio.pictures(4, 32);
            Path damaged = pictures.resolve("SparseStan/a_red_boat_3.png");
            byte[] whole = Files.readAllBytes(damaged);
            Files.write(damaged, List.of("no picture"));
            StudyRequest request = Requests.boats().votes(20).trials(5).raters(4).build();
            assertThrows(
                    UserException.class, () -> request.make(studio.store, Sources.read(pictures)));
            Path studies = studio.studio.home().subfolder("studies");
            assertEquals(Set.of(), in(studies));
            Files.write(damaged, whole);
            Study made = request.make(studio.store, Sources.read(pictures));
            assertEquals(Set.of(made.id()), in(studies));
            assertEquals(List.of(), studio.store.damagedPictures(made));
        }
    }

    @Test
    void whatAKilledProcessLeftIsDeletedByTheNextStudyADayLater() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Path old = studio.studio.home().subfolder("studies/" + StudyDraft.MARK + "old");
            Path fresh = studio.studio.home().subfolder("studies/" + StudyDraft.MARK + "fresh");
            Path other = studio.studio.home().subfolder("studies/other");
            for (Path left : List.of(old, fresh, other)) {
                Files.writeString(left.resolve("picture.png"), "half");
            }
            FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(25)));
            Files.setLastModifiedTime(old, before);
            Files.setLastModifiedTime(other, before);
            Study made = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            assertEquals(
                    Set.of(StudyDraft.MARK + "fresh", "other", made.id()),
                    in(studio.studio.home().subfolder("studies")));
        }
    }
}
