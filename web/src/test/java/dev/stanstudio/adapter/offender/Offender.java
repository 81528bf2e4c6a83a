package dev.stanstudio.adapter.offender;

import dev.stanstudio.web.Studio;

/** An adapter that knows the assembled program. */
public final class Offender {
    public static final Class<?> USED = Studio.class;

    private Offender() {}
}
