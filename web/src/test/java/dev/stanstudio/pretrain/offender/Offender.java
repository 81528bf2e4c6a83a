package dev.stanstudio.pretrain.offender;

/** A training of a built-in model that knows adapters. */
public final class Offender {
    public static final Class<?> USED = dev.stanstudio.adapter.offender.Offender.class;

    private Offender() {}
}
