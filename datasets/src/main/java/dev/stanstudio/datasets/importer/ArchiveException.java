package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;

/** An archive that cannot be opened. */
final class ArchiveException extends UserException {
    private final String archive;
    private final String reason;

    ArchiveException(String archive, String reason, Throwable cause) {
        super(archive + " " + reason, cause);
        this.archive = archive;
        this.reason = reason;
    }

    String archive() {
        return archive;
    }

    String reason() {
        return reason;
    }
}
