package dev.stanstudio.synth.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stanstudio.synth.draw.Dice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CaptionTest {
    private static final int EXAMPLES = 60;

    private static final Map<String, List<String>> WORDS =
            Map.ofEntries(
                    Map.entry("dawn", List.of("dawn", "sunrise", "early in the morning")),
                    Map.entry("noon", List.of("noon", "midday", "by day")),
                    Map.entry("sunset", List.of("sunset", "evening", "dusk")),
                    Map.entry("night", List.of("night")),
                    Map.entry("clear", List.of("clear", "stars")),
                    Map.entry("cloudy", List.of("cloud")),
                    Map.entry("rain", List.of("rain")),
                    Map.entry("snow", List.of("snow")),
                    Map.entry("fog", List.of("fog", "mist")));

    private static List<Depiction> examples(SceneKind kind) {
        return java.util.stream.IntStream.range(0, EXAMPLES)
                .mapToObj(i -> kind.depict(Dice.of(5, i)))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void saysTheColourAndTheNumber(SceneKind kind) {
        for (Depiction depiction : examples(kind)) {
            String caption = depiction.caption();
            String colour = depiction.attributes().getOrDefault("colour", "");
            assertTrue(caption.contains(colour), () -> colour + " in: " + caption);
            String count = depiction.attributes().getOrDefault("count", "1");
            String word = Wording.number(Integer.parseInt(count));
            assertTrue(
                    count.equals("1") || caption.contains(word + " "),
                    () -> word + " in: " + caption);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MOONLIT", "INTERIOR"})
    void saysHourAndWeatherWhereTheyShow(SceneKind kind) {
        for (Depiction depiction : examples(kind)) {
            for (String fact : List.of("time", "weather")) {
                String value = depiction.attributes().get(fact);
                if (value != null) {
                    assertTrue(
                            WORDS.get(value).stream().anyMatch(depiction.caption()::contains),
                            () -> value + " in: " + depiction.caption());
                }
            }
        }
    }

    @Test
    void variesTheSentences() {
        Set<String> captions = new HashSet<>();
        for (SceneKind kind : SceneKind.values()) {
            examples(kind).forEach(depiction -> captions.add(depiction.caption()));
        }
        int total = EXAMPLES * SceneKind.values().length;
        System.out.println(captions.size() + " different captions of " + total);
        assertTrue(captions.size() > total / 2);
    }

    /** Number of shapes of one matter that each counted thing consists of. */
    @Test
    void drawsAsManyAsItSays() {
        counts(SceneKind.FISH, Matter.ANIMAL, 4);
        counts(SceneKind.HORSES, Matter.ANIMAL, 2);
        counts(SceneKind.BIRDS, Matter.ANIMAL, 3);
        counts(SceneKind.BOATS, Matter.CLOTH, 2);
        counts(SceneKind.STILL_LIFE, Matter.FRUIT, 1);
        counts(SceneKind.STREET, Matter.ROOF, 1);
    }

    private static void counts(SceneKind kind, Matter matter, int each) {
        for (Depiction depiction : examples(kind)) {
            long drawn =
                    depiction.scene().shapes().stream().filter(s -> s.matter() == matter).count();
            long said = Long.parseLong(depiction.attributes().get("count"));
            assertEquals(said * each, drawn, depiction.caption());
        }
    }

    @Test
    void snowsInWinterOnly() {
        for (SceneKind kind : SceneKind.values()) {
            for (Depiction depiction : examples(kind)) {
                Mood mood = depiction.scene().mood();
                assertTrue(mood.weather() != Weather.SNOW || mood.season() == Season.WINTER);
            }
        }
    }
}
