package dev.stanstudio.adapter.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Joins the settings of a kind to words for people. */
final class SettingWords {
    private final List<String> words = new ArrayList<>();

    SettingWords add(String text) {
        words.add(text);
        return this;
    }

    SettingWords addIf(boolean holds, String text) {
        return holds ? add(text) : this;
    }

    SettingWords rank(int rank, double alpha) {
        return add("rank %d".formatted(rank)).add("alpha " + number(alpha));
    }

    /** Adds settings of single modules. */
    SettingWords patterns(String what, Map<String, ? extends Number> byPattern) {
        byPattern.forEach(
                (pattern, value) ->
                        add("%s %s in %s".formatted(what, number(value.doubleValue()), pattern)));
        return this;
    }

    /** Returns a number as people write it: no zeros after the point. */
    static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    @Override
    public String toString() {
        return String.join(", ", words);
    }
}
