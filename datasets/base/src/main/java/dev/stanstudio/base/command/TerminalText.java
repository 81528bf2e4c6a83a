package dev.stanstudio.base.command;

/**
 * Text that a terminal may show. Names come from untrusted files; control characters in them could
 * repaint the screen, and format characters could reverse the order of letters.
 */
public final class TerminalText {
    private TerminalText() {}

    /**
     * {@code text} with every control, format and unpaired surrogate character written as {@code
     * \\uXXXX}, line ends and tabs too.
     */
    public static String escaped(String text) {
        return escaped(text, false);
    }

    /**
     * JSON {@code text} that means the same and holds no control character but its own line ends;
     * such characters can only stand inside of texts, where JSON knows the same escape.
     */
    public static String json(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean lines) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .forEach(
                        c -> {
                            boolean kept = lines && (c == '\n' || c == '\r');
                            if (kept || !isHidden(c)) {
                                shown.appendCodePoint(c);
                            } else {
                                for (char unit : Character.toChars(c)) {
                                    shown.append("\\u%04x".formatted((int) unit));
                                }
                            }
                        });
        return shown.toString();
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
