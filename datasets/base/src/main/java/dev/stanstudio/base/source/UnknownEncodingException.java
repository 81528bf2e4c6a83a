package dev.stanstudio.base.source;

import dev.stanstudio.base.UserException;

/** A text whose encoding cannot be determined. */
public final class UnknownEncodingException extends UserException {
    private static final long serialVersionUID = 1L;

    UnknownEncodingException(String file, String why) {
        super(file + " " + why + "; save it as UTF-8, or import it with --encoding NAME");
    }
}
