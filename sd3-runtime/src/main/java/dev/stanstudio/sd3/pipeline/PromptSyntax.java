package dev.stanstudio.sd3.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The syntax that A1111 and similar programs have in prompts: tags in angle brackets load networks,
 * {@code (word:1.3)} weighs words, {@code [from:to:when]} and BREAK change them on the way.
 */
public final class PromptSyntax {
    private static final int MOST_TAGS = 5;
    private static final int SHOWN = 80;
    private static final Pattern TAG =
            Pattern.compile(
                    "<(?:lora|lyco|lycoris|hypernet|ti|embedding|embed)(?::[^<>\\n]{0,300})>");
    private static final Pattern WEIGHT =
            Pattern.compile("\\([^()\\n]{1,300}:[0-9]+(?:\\.[0-9]+)?\\)");
    private static final Pattern EDIT =
            Pattern.compile("\\[[^\\[\\]\\n]{0,300}:[^\\[\\]\\n]{0,300}:[0-9.]+\\]|\\bBREAK\\b");

    /** Emphasis without a number, escaped brackets, unions, choices and other tags. */
    private static final Pattern OTHER =
            Pattern.compile(
                    "\\(\\([^()\\n"
                            + "]{1,300}\\)\\)|\\[[^\\[\\]:\\n"
                            + "]{1,300}\\]|\\\\[()\\[\\]]|\\bAND\\b|\\{[^{}|\\n"
                            + "]{0,300}\\|[^{}\\n"
                            + "]{0,300}\\}|<[a-z]{1,30}:[^<>\\n"
                            + "]{0,300}>");

    private PromptSyntax() {}

    /** The words alone. */
    public static String withoutTags(String prompt) {
        return TAG.matcher(prompt).find()
                ? TAG.matcher(prompt)
                        .replaceAll("")
                        .replaceAll("[ \\t]{2,}", " ")
                        .replaceAll("(?:\\s*,)+\\s*$", "")
                        .strip()
                : prompt;
    }

    /** Returns notes on tags in {@code prompt} that have no effect here. */
    public static List<String> tagNotes(String prompt) {
        List<String> notes = new ArrayList<>();
        Matcher tags = TAG.matcher(prompt);
        int count = 0;
        while (tags.find()) {
            if (count++ < MOST_TAGS) {
                notes.add(shown(tags.group()) + " is taken out of the prompt and not applied.");
            }
        }
        if (count > MOST_TAGS) {
            notes.add((count - MOST_TAGS) + " further tags are taken out and not applied.");
        }
        return notes;
    }

    /** Returns notes on syntax in {@code prompt} that plain text leaves as it is. */
    public static List<String> notes(String prompt) {
        List<String> notes = new ArrayList<>();
        Matcher weight = WEIGHT.matcher(prompt);
        if (weight.find()) {
            notes.add("Weights such as " + shown(weight.group()) + " are read as plain text.");
        }
        Matcher edit = EDIT.matcher(prompt);
        if (edit.find()) {
            notes.add("Prompt syntax such as " + shown(edit.group()) + " is read as plain text.");
        } else {
            Matcher other = OTHER.matcher(withoutTags(prompt));
            if (other.find()) {
                notes.add(
                        "Prompt syntax such as "
                                + shown(other.group())
                                + " is read as plain text.");
            }
        }
        return notes;
    }

    /** A piece of a foreign text, short and on one line. */
    public static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ").strip();
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }
}
