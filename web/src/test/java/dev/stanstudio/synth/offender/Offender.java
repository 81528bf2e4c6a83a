package dev.stanstudio.synth.offender;

/** A drawn collection that knows the diffusion model. */
public final class Offender {
    public static final Class<?> USED = dev.stanstudio.sd3.offender.Offender.class;

    private Offender() {}
}
