package dev.stanstudio.base.command;

/** The exit codes of the program; scripts rely on them. */
public final class ExitCodes {
    /** The command did what it was asked to do. */
    public static final int DONE = 0;

    /** The command failed; one line on standard error says why. */
    public static final int FAILED = 1;

    /** The arguments cannot work; nothing was done. */
    public static final int BAD_ARGUMENTS = 2;

    /** The user stopped the command: 128 + SIGINT, as shells report it. */
    public static final int INTERRUPTED = 130;

    private ExitCodes() {}
}
