package dev.stanstudio.scoring.offender;

/** A metric that knows the diffusion model and the part for Spark. */
public final class Offender {
    public static final Class<?> USED = dev.stanstudio.sd3.offender.Offender.class;

    public static final Class<?> CLUSTER = dev.stanstudio.scoring.spark.offender.Offender.class;

    private Offender() {}
}
