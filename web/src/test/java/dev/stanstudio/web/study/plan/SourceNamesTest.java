package dev.stanstudio.web.study.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole paths, of this system or another, leave no more than a folder and a name. */
class SourceNamesTest {
    @ParameterizedTest
    @CsvSource({
        "/home/ann/grid/stan/1.png, stan/1.png",
        "/1.png, 1.png",
        "C:\\Users\\ann\\stan\\1.png, stan/1.png",
        "C:\\1.png, 1.png",
        "grid/stan/1.png, stan/1.png",
    })
    void namesDoNotTellWhereTheyLie(String source, String name) {
        SourceNames names =
                new SourceNames(List.of(Path.of(source), Path.of("/other/place/2.png")));
        assertEquals(name, names.of(Path.of(source)));
    }
}
