package dev.stanstudio.datasets.sample;

import dev.stanstudio.base.ArgumentException;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a shell does: at blanks, but not within single or double
 * quotes, and a backslash before a blank, a quote or a backslash keeps it. Nothing else of a shell
 * is known, so that no picture's name can become a command.
 */
final class CommandWords {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;

    private CommandWords(String text) {
        this.text = text;
    }

    /**
     * Returns the words of {@code text}, at least one.
     *
     * @throws ArgumentException if there is none, or a quote is not closed
     */
    static List<String> of(String text) {
        List<String> words = new CommandWords(text).split();
        if (words.isEmpty()) {
            throw new ArgumentException("--command is empty; name a program");
        }
        return words;
    }

    private List<String> split() {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one == '\\' && quote != '\'' && i + 1 < text.length() && isKept(i + 1)) {
                i++;
                add(text.charAt(i));
            } else if (quote == 0 && (one == '"' || one == '\'')) {
                quote = one;
                begun = true;
            } else if (one == quote) {
                quote = 0;
            } else if (quote == 0 && Character.isWhitespace(one)) {
                end();
            } else {
                add(one);
            }
        }
        if (quote != 0) {
            throw new ArgumentException("--command has a %s without its partner".formatted(quote));
        }
        end();
        return words;
    }

    private boolean isKept(int index) {
        char one = text.charAt(index);
        return one == '\\' || one == '"' || one == '\'' || Character.isWhitespace(one);
    }

    private void add(char one) {
        word.append(one);
        begun = true;
    }

    private void end() {
        if (begun) {
            words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
    }
}
