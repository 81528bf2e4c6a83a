package dev.stanstudio.web.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.testing.Requests;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import dev.stanstudio.web.testing.Voter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study's picture that is exchanged while the studio runs. */
class ExchangedPictureTest {
    @TempDir Path folder;

    /** Another picture of the same size, put there while voters answer, is not shown to them. */
    @Test
    void anExchangedPictureIsNoticedWhileTheStudioRuns() throws IOException {
        try (TestStudio studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC())) {
            Study study = studio.study(Requests.boats().votes(20).trials(5).raters(4), 4);
            Voter voter = new Voter(studio, study);
            List<String> addresses = Voter.pictures(voter.join());
            assertEquals(200, voter.bytes(addresses.get(0)).statusCode());
            StudyPlan plan = study.plan();
            List<Integer> shown = plan.raters().get(0).get(0).pictures();
            Path pictures = studio.store.folder(study.id());
            Path first = pictures.resolve(plan.pictures().get(shown.get(0)).file());
            Path second = pictures.resolve(plan.pictures().get(shown.get(1)).file());
            byte[] kept = Files.readAllBytes(first);
            FileTime time = Files.getLastModifiedTime(first);
            Files.copy(second, first, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(first, FileTime.from(time.toInstant().plusSeconds(1)));
            assertEquals(503, voter.open().statusCode());
            assertEquals(503, voter.bytes(addresses.get(0)).statusCode());
            Files.write(first, kept);
            assertEquals(200, voter.open().statusCode());
            assertEquals(200, voter.bytes(addresses.get(0)).statusCode());
            FileTime written = Files.getLastModifiedTime(first);
            Files.copy(second, first, StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(first, written);
            HttpResponse<String> lock =
                    voter.post("/studies/" + study.id() + "/lock", Map.of(), false);
            assertEquals(400, lock.statusCode(), "hashed again, whatever size and time say");
            assertTrue(lock.body().contains("is missing or another"), lock.body());
        }
    }
}
