package dev.stanstudio.datasets.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleItem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptionTest {
    private static StyleItem item(int number, Labels labels, String source) {
        return new StyleItem(
                "images/a.png",
                labels,
                String.format("%016x", number * 0x9E3779B97F4A7C15L) + "0".repeat(48),
                1,
                1,
                source,
                null);
    }

    private static final StyleItem FULL =
            item(
                    1,
                    new Labels(
                            List.of("Fauvism", "Cubism"),
                            "a red boat",
                            "a boat, own words",
                            "Claude Monet",
                            "marina",
                            null,
                            null),
                    "w.zip:Fauvism/claude-monet_water-lilies_1906(2).jpg");

    private static final StyleItem BARE =
            item(2, Labels.NONE.withStyles(List.of("Fauvism")), "in/s/IMG_0123.jpg");

    private static String fill(String template, StyleItem item) {
        return new CaptionTemplate(template).fill(item);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{content}, in the style of {style}|a red boat, in the style of fauvism"
                        + "|in the style of fauvism",
                "{style} {genre} of {content}|fauvism marina of a red boat|fauvism of",
                "{content}[ by {artist}], {style}|a red boat by Claude Monet, fauvism|fauvism",
                "{title}[ ({genre})]|water lilies 1906 (marina)|fauvism",
                "{caption}[, by {artist}]|a boat, own words, by Claude Monet"
                        + "|a picture, in the style of fauvism",
                "{content}, {artist}, {genre}, {style}"
                        + "|a red boat, Claude Monet, marina, fauvism|fauvism",
            })
    void gapsAreFilled(String template, String full, String bare) {
        assertEquals(full, fill(template, FULL));
        assertEquals(bare, fill(template, BARE));
    }

    @Test
    void contentAndTitleStandInForEachOther() {
        StyleItem titled =
                item(3, Labels.NONE.withStyles(List.of("s")), "/data/s/old-mill_at-dusk.png");
        assertEquals("old mill at dusk, s", fill("{content}, {style}", titled));
        StyleItem described =
                item(4, Labels.NONE.withStyles(List.of("s")).withContent("a cat"), "x row 3");
        assertEquals("a cat", fill("{title}", described));
        StyleItem dollars =
                item(5, Labels.NONE.withStyles(List.of("s")).withContent("$1 {style} [x]"), "");
        assertEquals("$1 {style} [x]", fill("{content}", dollars));
    }

    @Test
    void wrongTemplatesAreNamed() {
        assertRefused("names {titel}; there are {content}, {style}", "{titel}");
        assertRefused("has no gap", "a picture");
        assertRefused("without its partner", "{content}[ by {artist}");
        assertRefused("without its partner", "{content} {style");
        assertRefused("without its partner", "[a [by {artist}]]");
    }

    private static void assertRefused(String words, String template) {
        Exception e =
                assertThrows(IllegalArgumentException.class, () -> new CaptionTemplate(template));
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void titlesAreCleaned() {
        assertEquals("water lilies 1906", Titles.of("water-lilies_1906(2)"));
        assertEquals("the artist's garden", Titles.of("the-artist's-garden"));
        assertEquals("grégoire", Titles.of("grã©goire"));
        for (String nothing : List.of("IMG_0123", "DSC00017", "3f2a9c1b77", "000012", "a b")) {
            assertNull(Titles.of(nothing), nothing);
        }
        assertNull(Titles.ofSource("train.parquet row 4", null));
    }

    @Test
    void dropoutFollowsFromSeedPictureAndEpoch() {
        CaptionPolicy policy = new CaptionPolicy(null, 0.1, 7);
        int dropped = 0;
        int both = 0;
        for (int i = 0; i < 20_000; i++) {
            StyleItem item = item(i, FULL.labels(), "");
            boolean first = policy.isDropped(item, 0);
            assertEquals(first, policy.isDropped(item, 0));
            assertEquals(first ? "" : item.text(), policy.caption(item, 0));
            dropped += first ? 1 : 0;
            both += first && policy.isDropped(item, 1) ? 1 : 0;
        }
        System.out.println("dropped " + dropped + " of 20000, in two epochs " + both);
        assertEquals(2000, dropped, 200);
        assertEquals(200, both, 70);
        assertNotEquals(0, dropped);
    }

    @Test
    void dropoutHasBounds() {
        assertEquals(FULL.text(), CaptionPolicy.AS_LISTED.caption(FULL, 3));
        assertEquals("", new CaptionPolicy(null, 1, 0).caption(FULL, 3));
        for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new CaptionPolicy(null, wrong, 0));
        }
    }
}
