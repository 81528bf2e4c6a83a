package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Rgb;

/**
 * Hour, weather and season of a scene, and what they do to its colours.
 *
 * @param outdoors false where neither sky nor weather is seen
 */
public record Mood(TimeOfDay time, Weather weather, Season season, boolean outdoors) {
    private static final Rgb INDOOR_LIGHT = Rgb.of(0xFFF6EA);

    /** The sky overhead. */
    public Rgb zenith() {
        return overcast(time.zenith());
    }

    /** The sky at the horizon, which is also what distance fades to. */
    public Rgb horizon() {
        return overcast(time.horizon());
    }

    private Rgb overcast(Rgb sky) {
        Rgb grey =
                Rgb.grey(0.72).times(time.light()).lighter(weather == Weather.RAIN ? -0.15 : 0.1);
        return sky.mix(grey, weather.greyness());
    }

    /** The look of a thing of colour {@code own} at a distance 0 … 1. */
    public Rgb lit(Rgb own, double distance) {
        if (!outdoors) {
            return own.times(INDOOR_LIGHT);
        }
        Rgb near = own.times(time.light());
        if (weather != Weather.CLEAR) {
            near = near.saturate(1 - 0.35 * weather.greyness());
        }
        return near.mix(horizon(), distance * weather.haze());
    }

    /** Returns true if lamps burn. */
    public boolean dark() {
        return time == TimeOfDay.NIGHT;
    }
}
