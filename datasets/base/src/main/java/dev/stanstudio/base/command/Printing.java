package dev.stanstudio.base.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;

/** Prints results of commands: JSON and text without control characters. */
public final class Printing {
    private Printing() {}

    /** {@code record} as indented JSON with keys in snake case. */
    public static String json(Object record) {
        try {
            return new ObjectMapper()
                    .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain records are JSON", e);
        }
    }

    /** Names come from untrusted archives and must not control the terminal. */
    public static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
