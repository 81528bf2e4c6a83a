package dev.stanstudio.datasets.importer;

/**
 * Something that was not imported.
 *
 * @param source the file or archive member
 * @param reason what is wrong with it
 */
public record Problem(String source, String reason) {
    @Override
    public String toString() {
        return source + ": " + reason;
    }
}
