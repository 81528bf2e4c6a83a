package dev.stanstudio.scoring.spark.offender;

/** Features on Spark that know collections. */
public final class Offender {
    public static final Class<?> USED = dev.stanstudio.datasets.offender.Offender.class;

    private Offender() {}
}
