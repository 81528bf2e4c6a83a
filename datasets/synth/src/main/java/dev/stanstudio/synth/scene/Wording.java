package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Dice;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds captions: a subject, a place, and words for hour, weather and season. */
final class Wording {
    private static final List<String> NUMBERS =
            List.of("no", "one", "two", "three", "four", "five", "six", "seven");

    private final Dice dice;
    private final SortedMap<String, String> attributes = new TreeMap<>();

    Wording(Dice dice) {
        this.dice = dice;
    }

    /** Notes a fact about the picture. */
    Wording fact(String name, String value) {
        attributes.put(name, value);
        return this;
    }

    SortedMap<String, String> attributes() {
        return attributes;
    }

    static String number(int count) {
        return NUMBERS.get(count);
    }

    /** "a red boat", "three red boats": number, adjectives and noun in agreement. */
    String counted(int count, String adjectives, String one, String many) {
        fact("count", Integer.toString(count));
        if (count != 1) {
            return join(number(count), adjectives, many);
        }
        String phrase = join("", adjectives, one);
        return dice.chance(0.2) ? "one " + phrase : article(phrase);
    }

    /** The phrase after "a" or "an". */
    static String article(String phrase) {
        return ("aeiou".indexOf(phrase.charAt(0)) >= 0 ? "an " : "a ") + phrase;
    }

    private static String join(String... words) {
        return String.join(" ", List.of(words).stream().filter(w -> !w.isEmpty()).toList());
    }

    /** The caption of an outdoor scene. */
    String outdoors(String subject, String place, Mood mood) {
        fact("time", lower(mood.time()))
                .fact("weather", lower(mood.weather()))
                .fact("season", lower(mood.season()));
        String time = time(mood.time());
        String weather = weather(mood);
        String body = place.isEmpty() ? subject : subject + " " + place;
        return switch (dice.below(5)) {
            case 0 -> body + " " + time + ", " + weather;
            case 1 -> body + " " + weather + " " + time;
            case 2 -> time + ", " + body + ", " + weather;
            case 3 -> body + ", " + season(mood.season()) + ", " + time + ", " + weather;
            default -> body + " " + time + ", " + weather + ", " + season(mood.season());
        };
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private String time(TimeOfDay time) {
        return switch (time) {
            case DAWN -> dice.pick("at dawn", "at sunrise", "early in the morning");
            case NOON -> dice.pick("at noon", "at midday", "by day");
            case SUNSET -> dice.pick("at sunset", "in the evening", "at dusk");
            case NIGHT -> dice.pick("at night", "by night");
        };
    }

    private String weather(Mood mood) {
        return switch (mood.weather()) {
            case CLEAR ->
                    mood.dark()
                            ? dice.pick("under a clear sky", "under the stars")
                            : dice.pick("under a clear sky", "in clear weather");
            case CLOUDY -> dice.pick("under a cloudy sky", "under clouds");
            case RAIN -> dice.pick("in the rain", "in rainy weather");
            case SNOW -> dice.pick("in falling snow", "while it snows");
            case FOG -> dice.pick("in the fog", "in mist");
        };
    }

    private static String season(Season season) {
        return "in " + lower(season);
    }
}
