package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Rgb;

/** The season, with the colours of grass and leaves. */
public enum Season {
    SPRING(0x8CC152, 0x9BCB5B, 0xF2A9C4),
    SUMMER(0x6FA544, 0x3F8A3B, 0x2F7434),
    AUTUMN(0xB59B4C, 0xD9772B, 0xC2452D),
    WINTER(0xE9EFF6, 0xDDE6EE, 0x6F7F86);

    private final int grass;
    private final int leaves;
    private final int otherLeaves;

    Season(int grass, int leaves, int otherLeaves) {
        this.grass = grass;
        this.leaves = leaves;
        this.otherLeaves = otherLeaves;
    }

    Rgb grass() {
        return Rgb.of(grass);
    }

    Rgb leaves() {
        return Rgb.of(leaves);
    }

    Rgb otherLeaves() {
        return Rgb.of(otherLeaves);
    }
}
