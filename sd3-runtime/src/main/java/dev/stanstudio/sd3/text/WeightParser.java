package dev.stanstudio.sd3.text;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Reads weights in a prompt as A1111 and its kin write them: {@code (word)} counts 1.1, {@code
 * [word]} 1/1.1, {@code (word:1.3)} 1.3, all of them within each other; a backslash keeps the
 * character behind it; BREAK begins a new section. Where A1111 guesses, as with brackets that do
 * not close, it refuses. For one thread.
 */
final class WeightParser {
    private static final double STEP = 1.1;
    private static final double MOST = 10;
    private static final String BREAK = "BREAK";
    private static final String KEPT = "()[]:|\\";
    private static final int SHOWN = 40;

    private final String text;
    private final Deque<Bracket> open = new ArrayDeque<>();
    private final List<Piece> pieces = new ArrayList<>();

    /** A bracket that waits for its end, and the first piece within it. */
    private record Bracket(char sign, int at, int firstPiece) {}

    /** Words under the same brackets. */
    private static final class Piece {
        final StringBuilder words = new StringBuilder();
        double weight = 1;

        /** Index of the last colon in {@code words} that no backslash keeps, or -1. */
        int colon = -1;

        boolean bar;
        boolean endsSection;
    }

    private WeightParser(String text) {
        this.text = text;
        pieces.add(new Piece());
    }

    /**
     * Returns the words with their weights.
     *
     * @throws ArgumentException that names the brackets or the weight that cannot be read
     */
    static WeightedText parse(String text) {
        WeightParser parser = new WeightParser(text);
        int at = 0;
        while (at < text.length()) {
            at = parser.step(at);
        }
        Bracket left = parser.open.peek();
        if (left != null) {
            throw refusal(
                    "'%s' is never closed; close it, or write \\%c for the character"
                            .formatted(parser.from(left.at()), left.sign()));
        }
        return parser.result();
    }

    /** Reads what stands at {@code at}, and returns where the next begins. */
    private int step(int at) {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length() && KEPT.indexOf(text.charAt(at + 1)) >= 0) {
            last().words.append(text.charAt(at + 1));
            return at + 2;
        }
        if (c == '(' || c == '[') {
            pieces.add(new Piece());
            open.push(new Bracket(c, at, pieces.size() - 1));
        } else if (c == ')' || c == ']') {
            close(c, at);
            pieces.add(new Piece());
        } else if (isBreak(at)) {
            last().endsSection = true;
            pieces.add(new Piece());
            return at + BREAK.length();
        } else {
            Piece piece = last();
            piece.colon = c == ':' ? piece.words.length() : piece.colon;
            piece.bar |= c == '|';
            piece.words.append(c);
        }
        return at + 1;
    }

    private Piece last() {
        return pieces.get(pieces.size() - 1);
    }

    private boolean isBreak(int at) {
        int end = at + BREAK.length();
        return text.startsWith(BREAK, at)
                && (at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1)))
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
    }

    private void close(char sign, int at) {
        Bracket bracket = open.poll();
        if (bracket == null || bracket.sign() != (sign == ')' ? '(' : '[')) {
            throw refusal(
                    ("'%s' closes nothing that is open before it; remove it, or write \\%c for the"
                                    + " character")
                            .formatted(upTo(at), sign));
        }
        double factor = sign == ')' ? weight() : lowered(bracket, at);
        for (Piece piece : pieces.subList(bracket.firstPiece(), pieces.size())) {
            piece.weight *= factor;
            if (!(piece.weight <= MOST)) {
                throw refusal(
                        "the weight of '%s' is %s; weights lie within 0 … %.0f"
                                .formatted(
                                        shown(piece.words.toString().strip()), piece.weight, MOST));
            }
        }
    }

    /** Takes the number behind the last colon off the words before a closing parenthesis. */
    private double weight() {
        Piece piece = last();
        if (piece.colon < 0) {
            return STEP;
        }
        String number = piece.words.substring(piece.colon + 1).strip();
        piece.words.setLength(piece.colon);
        piece.colon = -1;
        if (!Decimal.isOne(number)) {
            throw refusal(
                    ("the weight '%s' of '%s' is no number; write one as in (word:1.3), or \\: for"
                                    + " the character")
                            .formatted(shown(number), shown(piece.words.toString().strip())));
        }
        double weight = Decimal.parse(number);
        if (!(weight >= 0 && weight <= MOST)) {
            throw refusal(
                    "the weight of '%s' is %s; weights lie within 0 … %.0f"
                            .formatted(shown(piece.words.toString().strip()), number, MOST));
        }
        return weight;
    }

    private double lowered(Bracket bracket, int at) {
        for (Piece piece : pieces.subList(bracket.firstPiece(), pieces.size())) {
            if (piece.weight == 1 && (piece.colon >= 0 || piece.bar)) {
                throw refusal(
                        ("'%s' would change the prompt on the way, which is not known here; write"
                                        + " (word:0.8) for a weight, or \\[ for the character")
                                .formatted(shown(text.substring(bracket.at(), at + 1))));
            }
        }
        return 1 / STEP;
    }

    private WeightedText result() {
        List<List<WeightedText.Part>> sections = new ArrayList<>();
        List<WeightedText.Part> section = new ArrayList<>();
        for (Piece piece : pieces) {
            add(section, piece);
            if (piece.endsSection) {
                sections.add(section);
                section = new ArrayList<>();
            }
        }
        sections.add(section);
        return new WeightedText(sections);
    }

    /** Adds words to those before them where both have the same weight. */
    private static void add(List<WeightedText.Part> section, Piece piece) {
        if (piece.words.isEmpty()) {
            return;
        }
        int end = section.size() - 1;
        WeightedText.Part before = end < 0 ? null : section.get(end);
        if (before != null && before.weight() == piece.weight) {
            section.set(end, new WeightedText.Part(before.text() + piece.words, piece.weight));
        } else {
            section.add(new WeightedText.Part(piece.words.toString(), piece.weight));
        }
    }

    private String from(int at) {
        return shown(text.substring(at));
    }

    private String upTo(int at) {
        int from = Math.max(0, at + 1 - SHOWN);
        return (from > 0 ? "…" : "") + shown(text.substring(from, at + 1));
    }

    private static String shown(String words) {
        String line = words.replaceAll("\\s+", " ");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
    }

    private static ArgumentException refusal(String problem) {
        return new ArgumentException("prompt: " + problem);
    }
}
