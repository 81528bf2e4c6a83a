package dev.stanstudio.stray;

/** A class in no module. */
public final class Offender {
    private Offender() {}
}
