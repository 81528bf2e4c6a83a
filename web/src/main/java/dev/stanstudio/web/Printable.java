package dev.stanstudio.web;

/** Makes messages fit for a terminal, whatever a file put into them. */
final class Printable {
    private Printable() {}

    /**
     * One line, in which characters that command terminals (controls, and those that turn the
     * direction of writing) show as {@code \\x1b} or {@code \\u202e}.
     */
    static String line(String message) {
        String joined = message.strip().replaceAll("\\s*\\R\\s*", " ");
        StringBuilder line = new StringBuilder(joined.length());
        joined.codePoints()
                .forEach(
                        c -> {
                            if (c != '\t' && isControl(c)) {
                                line.append((c < 0x100 ? "\\x%02x" : "\\u%04x").formatted(c));
                            } else {
                                line.appendCodePoint(c);
                            }
                        });
        return line.toString();
    }

    private static boolean isControl(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
