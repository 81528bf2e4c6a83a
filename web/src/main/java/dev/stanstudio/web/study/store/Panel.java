package dev.stanstudio.web.study.store;

import dev.stanstudio.base.ArgumentException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A panel that sends raters to a study and pays them, such as Prolific, MTurk, SONA or JATOS. Not
 * part of the study's plan, which is published: a code that anybody can read is no proof.
 *
 * @param parameter query parameter of the voting link that carries the panel's id of a rater
 * @param completed code, or https address to return to with {@value #ID} for the rater's id, for
 *     those who answered everything or were answering when the study ended
 * @param turnedAway the same for those who come when the study takes nobody any more; may be empty
 */
public record Panel(String parameter, String completed, String turnedAway) {
    /** Stands in an address for the panel's id of a rater. */
    static final String ID = "{id}";

    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern KNOWN_ID = Pattern.compile("[A-Za-z0-9._@:+-]{1,100}");
    private static final int LONGEST = 500;
    private static final String HTTPS = "https://";

    /** Refuses names, codes and addresses that no panel has. */
    public Panel {
        if (!PARAMETER.matcher(parameter).matches()
                || parameter.equals(InvitationLinks.PARAMETER)) {
            throw new ArgumentException(
                    "the parameter of the link must be a name such as PROLIFIC_PID, not '%s'"
                            .formatted(parameter));
        }
        require("completed", completed);
        if (!turnedAway.isEmpty()) {
            require("turned away", turnedAway);
        }
    }

    private static void require(String name, String text) {
        boolean good = isAddress(text) ? isReachable(text) : CODE.matcher(text).matches();
        if (!good) {
            throw new ArgumentException(
                    "what those get who are %s must be a code of letters and digits, or an address that begins with https://, not '%s'"
                            .formatted(name, text));
        }
    }

    private static boolean isAddress(String text) {
        return text.startsWith(HTTPS);
    }

    private static boolean isReachable(String text) {
        try {
            String host = URI.create(text.replace(ID, "1")).getHost();
            return text.length() <= LONGEST && host != null && !host.isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Returns whether a text can be a panel's id of a rater; a link whose placeholder the panel did
     * not fill in, such as <code>{{%PROLIFIC_PID%}}</code>, has none.
     */
    public static boolean isId(String text) {
        return KNOWN_ID.matcher(text).matches();
    }

    /**
     * Returns the way back to the panel.
     *
     * @param end what the rater gets: {@link #completed} or {@link #turnedAway}
     * @param id the panel's id of the rater; empty if it is not known
     */
    public static Way way(String end, String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
        return isAddress(end) ? new Way(end.replace(ID, encoded), "") : new Way("", end);
    }

    /**
     * The way that leads a rater back to the panel: one of both is empty, or both where there is
     * none.
     *
     * @param address to open
     * @param code to enter there
     */
    public record Way(String address, String code) {
        /** Leads nowhere. */
        public static final Way NONE = new Way("", "");
    }
}
