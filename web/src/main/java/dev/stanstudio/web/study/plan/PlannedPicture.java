package dev.stanstudio.web.study.plan;

/**
 * A picture as voters see it.
 *
 * @param file its random name in the study's folder
 * @param cell the prompt, style and seed it answers
 * @param method which method made it; {@link #SPOILED} for a check's spoiled copy
 * @param sha256 of the file
 * @param source where it came from
 */
public record PlannedPicture(String file, int cell, int method, String sha256, String source) {
    /** In the place of a method: the picture was spoiled on purpose. */
    public static final int SPOILED = -1;

    /** Checks that there is a file. */
    public PlannedPicture {
        Setting.present("a file of every picture", file);
    }
}
