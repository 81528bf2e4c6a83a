package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Describes one fault of a list or picture, or one limit of the numbers.
 *
 * @param kind sort of the problem
 * @param where the picture, line or style
 * @param what description in one line, without a subject
 */
public record Problem(Kind kind, String where, String what) {
    /** Classifies problems. */
    public enum Kind {
        /** A picture could not be decoded; it is in no number. */
        UNREADABLE,
        /** A picture has several frames; it is in no number. */
        ANIMATED,
        /** The list names a picture that is not there. */
        MISSING,
        /**
         * The list states another hash than the file has; the picture is in no number. Files and
         * reports keep its older name.
         */
        @JsonProperty("LIE")
        HASH_MISMATCH,
        /** A line of the list makes no sense. */
        BAD_LINE,
        /** The same picture under the same method, prompt and seed again; it is counted once. */
        REPEATED,
        /** No prompt, so no text score. */
        NO_PROMPT,
        /** The text tower saw only the prompt's beginning. */
        PROMPT_CUT,
        /** No style, so no style score. */
        NO_STYLE,
        /** A style without reference pictures, so no style score. */
        NO_REFERENCES,
        /** Too few pictures for a number. */
        TOO_FEW,
        /** A network gave numbers that are not finite; the picture is in no number. */
        NOT_FINITE,
        /** Pictures of several sizes were compared. */
        MIXED_SIZES,
        /** A picture has alpha, which is ignored as by the reference metrics. */
        TRANSPARENT("has transparency; read without it, as convert(\"RGB\") of Pillow does"),
        /** A picture states an orientation, which is not followed, as by the reference metrics. */
        TURNED("states an orientation; read as stored, as the reference reads it");

        private final @Nullable String words;

        Kind() {
            this(null);
        }

        Kind(@Nullable String words) {
            this.words = words;
        }

        /** Returns the words of a report for it. */
        public String words() {
            return words == null ? key().replace('_', ' ') : words;
        }

        /** Returns the key under which a summary counts it. */
        public String key() {
            return this == HASH_MISMATCH ? "lie" : name().toLowerCase(Locale.ROOT);
        }
    }
}
