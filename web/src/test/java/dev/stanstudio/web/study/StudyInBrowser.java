package dev.stanstudio.web.study;

import dev.stanstudio.web.testing.Chrome;
import dev.stanstudio.web.testing.TestDatabase;
import dev.stanstudio.web.testing.TestStudio;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A Chromium and a studio of its own for all tests of a class about studies. */
abstract class StudyInBrowser {
    @TempDir static Path folder;
    static Chrome chrome;
    static TestStudio studio;

    @BeforeAll
    static void open() {
        chrome = new Chrome();
        studio = new TestStudio(folder, TestDatabase.SQLITE, Clock.systemUTC());
    }

    @AfterAll
    static void close() {
        if (studio != null) {
            studio.close();
            studio = null;
        }
        if (chrome != null) {
            chrome.close();
            chrome = null;
        }
    }
}
