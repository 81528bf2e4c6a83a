package dev.stanstudio.web.picture;

/**
 * Describes a picture in the database, drawn or not.
 *
 * @param place index within its matrix
 * @param owner the visitor who asked for it
 * @param remark reason of a failure, or a note for the reader
 */
public record StoredPicture(
        String id,
        String matrix,
        String owner,
        int place,
        Subject subject,
        String model,
        int width,
        int height,
        PictureState state,
        int stepsDone,
        int steps,
        String remark,
        boolean starred,
        boolean deleted,
        long createdAt,
        long changedAt,
        long startedAt,
        long finishedAt) {
    private static final double MILLIS = 1000;

    /** Names the cell of its matrix. */
    public record Subject(String prompt, String style, String method, long seed) {}

    /** Returns the seconds it took to draw; 0 when it is not drawn. */
    public double seconds() {
        return finishedAt == 0 || startedAt == 0 ? 0 : (finishedAt - startedAt) / MILLIS;
    }

    /** Returns the description for screen readers. */
    public String spoken() {
        String style = subject.style().isEmpty() ? "" : ", " + subject.style();
        return subject.prompt() + style + ", " + subject.method() + ", seed " + subject.seed();
    }
}
