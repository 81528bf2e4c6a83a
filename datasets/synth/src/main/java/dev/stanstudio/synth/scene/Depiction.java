package dev.stanstudio.synth.scene;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scene and what is true of it.
 *
 * @param caption what the picture shows, in words, without any style
 * @param attributes what the caption may speak of, by name: colour, count, time, weather, season …
 */
public record Depiction(Scene scene, String caption, SortedMap<String, String> attributes) {
    public Depiction {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }
}
