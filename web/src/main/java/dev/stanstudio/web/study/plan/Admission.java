package dev.stanstudio.web.study.plan;

/**
 * Rules for admitting voters, fixed before the first vote.
 *
 * @param invitedOnly whether a link for one use is needed, rather than the study's link
 * @param ratersPerAddress how many raters of one network address count who came by the study's
 *     link, the first ones; 0 for all
 * @param joinsPerMinute how many may begin from one address in a minute
 * @param idleMinutes after how long without any answer a rater's place may go to another
 */
public record Admission(
        boolean invitedOnly, int ratersPerAddress, int joinsPerMinute, int idleMinutes) {
    /** The rules unless others are asked for. */
    public static final Admission DEFAULT = new Admission(false, 5, 10, 10);

    /** The rules of studies that were planned before there were any. */
    static final Admission UNSTATED = new Admission(false, 0, 30, 10);

    /** Checks the numbers. */
    public Admission {
        Setting.between("raters per address", ratersPerAddress, 0, 10_000);
        Setting.between("joins per minute", joinsPerMinute, 1, 100_000);
        Setting.between("idle minutes", idleMinutes, 1, 24 * 60);
    }

    /** The same rules with or without the study's link being enough. */
    public Admission withInvitedOnly(boolean only) {
        return new Admission(only, ratersPerAddress, joinsPerMinute, idleMinutes);
    }
}
