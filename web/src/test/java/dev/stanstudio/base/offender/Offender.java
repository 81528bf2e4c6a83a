package dev.stanstudio.base.offender;

/** A failure that knows collections. */
public final class Offender {
    public static final Class<?> USED = dev.stanstudio.datasets.offender.Offender.class;

    private Offender() {}
}
