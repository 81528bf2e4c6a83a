package dev.stanstudio.adapter.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.base.ArgumentException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RepeatsTest {
    /** Two of ukiyo e, seven of cubism. */
    private static final List<String> ITEMS =
            Stream.concat(
                            IntStream.range(0, 2).mapToObj(i -> "ukiyo e " + i),
                            IntStream.range(0, 7).mapToObj(i -> "cubism " + i))
                    .toList();

    private static String style(String item) {
        return item.substring(0, item.length() - 2);
    }

    private static Map<String, Long> counts(Repeats repeats) {
        return repeats.of(ITEMS, RepeatsTest::style).stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Test
    void everyStyleComesEquallyOftenWhereTheyAreBalanced() {
        Map<String, Long> counts = counts(new Repeats(Map.of(), true));
        assertEquals(4, counts.get("ukiyo e 0"));
        assertEquals(3, counts.get("ukiyo e 1"));
        IntStream.range(0, 7).forEach(i -> assertEquals(1, counts.get("cubism " + i)));
    }

    @Test
    void namedStyleIsRepeatedWhateverItsSpelling() {
        Map<String, Long> counts = counts(new Repeats(Map.of("Ukiyo-e", 3), false));
        assertEquals(3, counts.get("ukiyo e 0"));
        assertEquals(3, counts.get("ukiyo e 1"));
        assertEquals(1, counts.get("cubism 6"));
    }

    @Test
    void balanceIsOfTheRepeatedStyles() {
        Map<String, Long> counts = counts(new Repeats(Map.of("cubism", 2), true));
        assertEquals(7, counts.get("ukiyo e 0"));
        assertEquals(7, counts.get("ukiyo e 1"));
        assertEquals(2, counts.get("cubism 0"));
    }

    @Test
    void nothingChangesWithoutEither() {
        assertEquals(ITEMS, new Repeats(Map.of(), false).of(ITEMS, RepeatsTest::style));
    }

    @Test
    void mistakesAreNamed() {
        Repeats unknown = new Repeats(Map.of("dada", 2), false);
        ArgumentException none =
                assertThrows(ArgumentException.class, () -> unknown.of(ITEMS, RepeatsTest::style));
        assertTrue(none.getMessage().contains("dada; there are cubism, ukiyo e"), none::getMessage);
        assertThrows(ArgumentException.class, () -> new Repeats(Map.of("cubism", 0), false));
        for (boolean balanced : new boolean[] {false, true}) {
            Repeats many = new Repeats(Map.of("cubism", Integer.MAX_VALUE), balanced);
            ArgumentException e =
                    assertThrows(ArgumentException.class, () -> many.of(ITEMS, RepeatsTest::style));
            assertTrue(e.getMessage().contains("name smaller numbers"), e::getMessage);
        }
    }
}
