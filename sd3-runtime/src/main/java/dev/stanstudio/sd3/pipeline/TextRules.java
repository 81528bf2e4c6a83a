package dev.stanstudio.sd3.pipeline;

/** Characters that no PNG text can hold. */
public final class TextRules {
    private TextRules() {}

    /** Names what {@code text} holds that cannot be written, and what to do; empty if it can be. */
    public static String problem(String text) {
        if (text.indexOf(0) >= 0) {
            return "a NUL character; remove it";
        }
        boolean half = text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
        return half ? "half of a character (a surrogate without its partner); remove it" : "";
    }
}
