package dev.stanstudio.datasets.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearPicturesTest {
    private static PictureHash random(Random random) {
        return new PictureHash(random.nextLong(), random.nextLong());
    }

    private static PictureHash changed(PictureHash hash, int bits, Random random) {
        long across = hash.across();
        long down = hash.down();
        for (int i = 0; i < bits; i++) {
            across ^= 1L << random.nextInt(64);
            down ^= 1L << random.nextInt(64);
        }
        return new PictureHash(across, down);
    }

    /** Among the hashes are copies that differ by 0 to 6 bits. */
    private static List<PictureHash> some(int count) {
        Random random = new Random(5);
        List<PictureHash> hashes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hashes.add(
                    i % 3 == 0
                            ? random(random)
                            : changed(hashes.get(random.nextInt(i)), i % 7, random));
        }
        return hashes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 7, 16})
    void findsWhatComparingAllPairsFinds(int distance) {
        List<PictureHash> hashes = some(700);
        DisjointSets found = new DisjointSets(hashes.size());
        NearPictures.join(hashes, distance, found);
        DisjointSets expected = new DisjointSets(hashes.size());
        for (int i = 0; i < hashes.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (hashes.get(i).isNear(hashes.get(j), distance)) {
                    expected.join(i, j);
                }
            }
        }
        assertEquals(expected.groups(), found.groups());
        assertTrue(found.groups().size() < hashes.size());
    }

    @Test
    void hashesThatTellNothingAreNearToNone() {
        List<PictureHash> hashes = new ArrayList<>();
        hashes.add(new PictureHash(0, 0));
        hashes.add(new PictureHash(0, 0));
        hashes.add(null);
        hashes.add(null);
        DisjointSets sets = new DisjointSets(4);
        NearPictures.join(hashes, 4, sets);
        assertEquals(4, sets.groups().size());
    }

    @Test
    void aLargeCollectionTakesSeconds() {
        List<PictureHash> hashes = some(80_000);
        DisjointSets sets = new DisjointSets(hashes.size());
        long start = System.nanoTime();
        NearPictures.join(hashes, NearPictures.DEFAULT_DISTANCE, sets);
        System.out.printf(
                "near pictures among 80,000: %.2f s, %,d groups%n",
                (System.nanoTime() - start) / 1e9, sets.groups().size());
        assertTrue(sets.groups().size() < 80_000);
    }

    @Test
    void namesTheDistanceItRefuses() {
        DisjointSets sets = new DisjointSets(0);
        Exception e =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> NearPictures.join(List.of(), 17, sets));
        assertTrue(e.getMessage().contains("17"), e.getMessage());
    }
}
