package dev.stanstudio.datasets.collection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SplitsTest {
    private static final SplitRules DEFAULTS = SplitRules.DEFAULTS;

    private static StyleItem item(int number, String style, String artist, String content) {
        Random random = new Random(number);
        return item(
                number,
                style,
                artist,
                content,
                new PictureHash(random.nextLong(), random.nextLong()));
    }

    private static StyleItem item(
            int number, String style, String artist, String content, PictureHash dhash) {
        return new StyleItem(
                "images/" + number + ".png",
                new Labels(List.of(style), content, null, artist, null, null, null),
                String.format("%064x", number * 0x9E3779B97F4A7C15L),
                10,
                10,
                "",
                dhash);
    }

    private static List<StyleItem> plain(int count, int styles) {
        List<StyleItem> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(item(i, "style " + i % styles, null, null));
        }
        return items;
    }

    private static Map<String, Integer> count(List<String> splits) {
        Map<String, Integer> counts = new TreeMap<>();
        splits.forEach(split -> counts.merge(split, 1, Integer::sum));
        return counts;
    }

    @Test
    void theRatiosAreKeptWithinEveryStyle() {
        List<StyleItem> items = plain(400, 4);
        List<String> splits = Splits.assign(items, DEFAULTS);
        assertEquals(Map.of("train", 360, "validation", 20, "test", 20), count(splits));
        for (int style = 0; style < 4; style++) {
            List<String> own = new ArrayList<>();
            for (int i = style; i < 400; i += 4) {
                own.add(splits.get(i));
            }
            assertEquals(Map.of("train", 90, "validation", 5, "test", 5), count(own));
        }
    }

    @Test
    void manySmallStylesStillGiveEveryPart() {
        Map<String, Integer> counts = count(Splits.assign(plain(300, 100), DEFAULTS));
        assertEquals(Map.of("train", 270, "validation", 15, "test", 15), counts);
    }

    @Test
    void seedAndPicturesDecideNotTheirOrder() {
        List<StyleItem> items = plain(200, 3);
        Map<String, String> splits = byName(items, Splits.assign(items, DEFAULTS));
        Collections.shuffle(items, new Random(1));
        assertEquals(splits, byName(items, Splits.assign(items, DEFAULTS)));
        SplitRules other = new SplitRules(DEFAULTS.ratios(), 1, false, 6);
        assertNotEquals(splits, byName(items, Splits.assign(items, other)));
    }

    private static Map<String, String> byName(List<StyleItem> items, List<String> splits) {
        Map<String, String> byName = new HashMap<>();
        for (int i = 0; i < items.size(); i++) {
            byName.put(items.get(i).fileName(), splits.get(i));
        }
        return byName;
    }

    /** The traps: the same painting twice, by bytes, by look and by name in two styles. */
    @Test
    void copiesAndRepeatedTitlesStayTogether() {
        List<StyleItem> items = plain(300, 3);
        Random random = new Random(9);
        for (int i = 0; i < 100; i++) {
            StyleItem original = items.get(i);
            PictureHash hash = original.dhash();
            PictureHash near =
                    new PictureHash(
                            hash.across() ^ 1L << random.nextInt(64) ^ 1L << random.nextInt(64),
                            hash.down());
            items.add(item(1000 + i, "another style", null, null, near));
            items.add(item(2000 + 2 * i, "cubism", "Juan Gris", "guitar " + i));
            items.add(item(2001 + 2 * i, "synthetic cubism", "juan-gris", "Guitar " + i));
            items.add(item(i, "a third style", null, null));
        }
        List<String> splits = Splits.assign(items, DEFAULTS);
        for (int i = 0; i < 100; i++) {
            int at = 300 + 4 * i;
            assertEquals(splits.get(i), splits.get(at), "near picture " + i);
            assertEquals(splits.get(at + 1), splits.get(at + 2), "title " + i);
            assertEquals(splits.get(i), splits.get(at + 3), "equal bytes " + i);
        }
        assertEquals(3, count(splits).size());
    }

    @Test
    void artistsStayTogetherWhenAsked() {
        List<StyleItem> items = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String artist = i % 10 == 0 ? "Unknown Artist" : "artist " + i % 60;
            items.add(item(i, "style " + i % 2, artist, "title " + i));
        }
        List<String> splits = Splits.assign(items, new SplitRules(DEFAULTS.ratios(), 0, true, 6));
        Map<String, String> byArtist = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            String artist = items.get(i).labels().artist();
            if (!artist.equals("Unknown Artist")) {
                String split = byArtist.putIfAbsent(artist, splits.get(i));
                assertTrue(split == null || split.equals(splits.get(i)), artist);
            }
        }
        assertEquals(3, count(splits).size(), "nobody is no artist: " + count(splits));
    }

    @Test
    void partsWithoutAShareStayEmpty() {
        SplitRules rules = new SplitRules(SplitRatios.parse("4/1/0"), 0, false, 6);
        assertEquals(
                Map.of("train", 80, "validation", 20), count(Splits.assign(plain(100, 7), rules)));
    }

    @Test
    void aFourthPartIsOfReferences() {
        SplitRules rules = new SplitRules(SplitRatios.parse("70/5/10/15"), 0, false, 6);
        List<StyleItem> items = plain(100, 7);
        assertEquals(
                Map.of("train", 70, "validation", 5, "test", 10, "references", 15),
                count(Splits.assign(items, rules)));
        assertEquals(
                List.of("train", "validation", "test", "references"),
                List.copyOf(SplitReport.of(items, rules).summary().pictures().keySet()));
        assertEquals(
                List.of("train", "validation", "test"),
                List.copyOf(SplitReport.of(items, DEFAULTS).summary().pictures().keySet()));
    }

    @Test
    void namesTheNumbersItRefuses() {
        assertRefused("ratios \"90/10\" are not like 90/5/5", () -> SplitRatios.parse("90/10"));
        assertRefused("ratios 0/1/1 need", () -> SplitRatios.parse("0/1/1"));
        assertRefused(
                "distance 65 is not", () -> new SplitRules(new SplitRatios(1, 1, 1), 0, false, 65));
    }

    private static void assertRefused(String words, Executable run) {
        Exception e = assertThrows(IllegalArgumentException.class, run);
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }
}
