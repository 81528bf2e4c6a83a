package dev.stanstudio.web.server;

import dev.stanstudio.base.UserException;

/** A refusal with an HTTP status of its own; the message is the one line the visitor reads. */
public class PageException extends UserException {
    private final int status;

    /** A refusal that answers with {@code status}. */
    public PageException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** Nothing lies at this address. */
    public static PageException missing(String message) {
        return new PageException(404, message);
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }
}
