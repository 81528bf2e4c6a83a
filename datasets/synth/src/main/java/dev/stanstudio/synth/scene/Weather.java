package dev.stanstudio.synth.scene;

/** The weather, with how grey it turns the sky and how much of the distance it hides. */
public enum Weather {
    CLEAR(0, 0.28),
    CLOUDY(0.35, 0.35),
    RAIN(0.7, 0.55),
    SNOW(0.6, 0.5),
    FOG(0.75, 0.95);

    private final double greyness;
    private final double haze;

    Weather(double greyness, double haze) {
        this.greyness = greyness;
        this.haze = haze;
    }

    double greyness() {
        return greyness;
    }

    /** The horizon's share in the colour of what is farthest. */
    double haze() {
        return haze;
    }
}
