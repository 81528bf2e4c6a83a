package dev.stanstudio.sd3.text;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Decimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final Bracket whole = new Bracket(' ', 0, null);
    private final Deque<Bracket> open = new ArrayDeque<>();

    /** All brackets, each behind those around it. */
    private final List<Bracket> brackets = new ArrayList<>();

    private final List<Piece> pieces = new ArrayList<>();

    /** Words between two brackets, or the whole text, and what stands directly within them. */
    private static final class Bracket {
        final char sign;
        final int at;
        final List<Piece> own = new ArrayList<>();
        double factor = 1;

        /** The product of the factors of this bracket and of those around it; made at the end. */
        double product = 1;

        /** The greatest weight of the pieces within, and a piece that has it. */
        double most = 1;

        Piece heaviest;

        /** True if a bracket of factor 1 within holds what {@link Piece#changes}. */
        boolean changesWithin;

        /** The bracket around this one; null for the whole text. */
        private final @Nullable Bracket outer;

        Bracket(char sign, int at, @Nullable Bracket outer) {
            this.sign = sign;
            this.at = at;
            this.outer = outer;
            heaviest = new Piece(this);
            own.add(heaviest);
        }

        Piece add() {
            Piece piece = new Piece(this);
            own.add(piece);
            return piece;
        }

        boolean changes() {
            return changesWithin || own.stream().anyMatch(Piece::changes);
        }

        /** Multiplies the factors; those around it must be multiplied already. */
        void weigh() {
            product = outer == null ? 1 : outer.product * factor;
        }

        /** Takes over what is known of a bracket within that ends. */
        void take(Bracket inner) {
            changesWithin |= inner.factor == 1 && inner.changes();
            if (inner.most * inner.factor > most) {
                most = inner.most * inner.factor;
                heaviest = inner.heaviest;
            }
        }
    }

    /** Words under the same brackets. */
    private static final class Piece {
        final StringBuilder words = new StringBuilder();
        final Bracket within;

        /** Index of the last colon in {@code words} that no backslash keeps, or -1. */
        int colon = -1;

        boolean bar;
        boolean endsSection;

        Piece(Bracket within) {
            this.within = within;
        }

        /** Returns true for what would change the prompt on the way: {@code a:b} or {@code a|b}. */
        boolean changes() {
            return colon >= 0 || bar;
        }
    }

    private WeightParser(String text) {
        this.text = text;
        pieces.add(whole.heaviest);
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
                            .formatted(parser.from(left.at), left.sign));
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
            Bracket bracket = new Bracket(c, at, innermost());
            open.push(bracket);
            brackets.add(bracket);
            pieces.add(bracket.heaviest);
        } else if (c == ')' || c == ']') {
            close(c, at);
            pieces.add(innermost().add());
        } else if (isBreak(at)) {
            last().endsSection = true;
            pieces.add(innermost().add());
            return at + BREAK.length();
        } else {
            Piece piece = last();
            piece.colon = c == ':' ? piece.words.length() : piece.colon;
            piece.bar |= c == '|';
            piece.words.append(c);
        }
        return at + 1;
    }

    private Bracket innermost() {
        Bracket bracket = open.peek();
        return bracket == null ? whole : bracket;
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
        if (bracket == null || bracket.sign != (sign == ')' ? '(' : '[')) {
            throw refusal(
                    ("'%s' closes nothing that is open before it; remove it, or write \\%c for the"
                                    + " character")
                            .formatted(upTo(at), sign));
        }
        bracket.factor = sign == ')' ? weight() : lowered(bracket, at);
        if (!(bracket.most * bracket.factor <= MOST)) {
            throw refusal(
                    "the weight of '%s' is %s; weights lie within 0 … %.0f"
                            .formatted(
                                    shown(bracket.heaviest.words.toString().strip()),
                                    bracket.most * bracket.factor,
                                    MOST));
        }
        innermost().take(bracket);
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
        if (bracket.changes()) {
            throw refusal(
                    ("'%s' would change the prompt on the way, which is not known here; write"
                                    + " (word:0.8) for a weight, or \\[ for the character")
                            .formatted(shown(text.substring(bracket.at, at + 1))));
        }
        return 1 / STEP;
    }

    private WeightedText result() {
        brackets.forEach(Bracket::weigh);
        List<List<WeightedText.Part>> sections = new ArrayList<>();
        Section section = new Section();
        for (Piece piece : pieces) {
            section.add(piece.words, piece.within.product);
            if (piece.endsSection) {
                sections.add(section.parts());
                section = new Section();
            }
        }
        sections.add(section.parts());
        return new WeightedText(sections);
    }

    /** Joins words to those before them where both have the same weight. */
    private static final class Section {
        private final List<WeightedText.Part> parts = new ArrayList<>();
        private final StringBuilder words = new StringBuilder();
        private double weight = 1;

        void add(CharSequence more, double itsWeight) {
            if (more.isEmpty()) {
                return;
            }
            if (itsWeight != weight) {
                end();
                weight = itsWeight;
            }
            words.append(more);
        }

        private void end() {
            if (!words.isEmpty()) {
                parts.add(new WeightedText.Part(words.toString(), weight));
                words.setLength(0);
            }
        }

        List<WeightedText.Part> parts() {
            end();
            return parts;
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
