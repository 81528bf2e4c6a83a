package dev.stanstudio.base.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest {
    private static List<Sample> of(String... paths) {
        List<SampleName> names =
                Arrays.stream(paths).map(SampleName::of).filter(Objects::nonNull).toList();
        return Sample.of(names, FileKinds::isPicture);
    }

    /**
     * The results of {@code webdataset.tariterators.base_plus_ext} gives, with its suffix in lower
     * case.
     */
    @ParameterizedTest
    @CsvSource({
        "a.jpg, a, jpg",
        "mount.fuji.jpg, mount, fuji.jpg",
        "sub.dir/000.Caption.TXT, sub.dir/000, caption.txt",
        "a., a, ''",
        "x/y/z.tar.gz, x/y/z, tar.gz"
    })
    void namesArePartedAtTheFirstDot(String path, String key, String field) {
        assertEquals(new SampleName(path, key, field), SampleName.of(path));
    }

    @Test
    void namesWithoutThatArePassedOver() {
        for (String path : List.of("a", "sub.dir/a", ".hidden", "x/.hidden.jpg")) {
            assertNull(SampleName.of(path), path);
        }
    }

    @Test
    void picturesWithLabelsOfTheirOwnAreSamplesOfTheirOwn() {
        List<Sample> samples =
                of("m.fuji.jpg", "m.fuji.txt", "m.aso.jpg", "m.aso.json", "m.aso.txt");
        assertEquals(2, samples.size());
        assertEquals("m.fuji.jpg", samples.get(0).picture());
        assertEquals(List.of("m.fuji.txt"), samples.get(0).captions());
        assertEquals("m.aso.json", samples.get(1).json());
    }

    @Test
    void othersAreOneSampleWithItsFirstPicture() {
        List<Sample> samples =
                of("0.caption.txt", "0.input.jpg", "0.mask.png", "0.json", "0.style.txt", "0.npy");
        assertEquals(1, samples.size());
        Sample sample = samples.get(0);
        assertEquals("0.input.jpg", sample.picture());
        assertEquals(List.of("0.mask.png"), sample.further());
        assertEquals(List.of("0.caption.txt"), sample.captions());
        assertEquals("0.style.txt", sample.style());
        assertEquals(List.of("0.npy"), sample.unread());
        assertEquals(6, sample.paths().size());
        assertEquals("1.jpg", of("1.mask.png", "1.jpg", "1.txt").get(0).picture());
    }
}
