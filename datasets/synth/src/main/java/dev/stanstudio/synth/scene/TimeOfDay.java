package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Rgb;

/** The hour, with the colours of its sky and the light it throws on things. */
public enum TimeOfDay {
    DAWN(0x8FA8DE, 0xFFD3C0, 0xF3E0E0),
    NOON(0x3F8FE6, 0xCFE9FB, 0xFFFFFF),
    SUNSET(0x5B4A94, 0xFF9A4A, 0xFFD2AA),
    NIGHT(0x0B1030, 0x2B3C74, 0x9295B6);

    private final int zenith;
    private final int horizon;
    private final int light;

    TimeOfDay(int zenith, int horizon, int light) {
        this.zenith = zenith;
        this.horizon = horizon;
        this.light = light;
    }

    Rgb zenith() {
        return Rgb.of(zenith);
    }

    Rgb horizon() {
        return Rgb.of(horizon);
    }

    /** Returns the colour of a white thing. */
    Rgb light() {
        return Rgb.of(light);
    }
}
