package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Rgb;
import java.util.Locale;

/** The colours that captions name. */
enum Hue {
    RED(0xCF2E2B),
    ORANGE(0xEE7D22),
    YELLOW(0xF3C92F),
    GREEN(0x3F9B45),
    BLUE(0x2F63C4),
    PURPLE(0x7E3FA8),
    PINK(0xEE86AE),
    WHITE(0xF4F2EA),
    BLACK(0x2B2A2F),
    GREY(0x8B8F96),
    BROWN(0x8A5632),
    TURQUOISE(0x2FB0A8);

    private final int rgb;

    Hue(int hex) {
        this.rgb = hex;
    }

    /** The colour itself. */
    Rgb rgb() {
        return Rgb.of(rgb);
    }

    /** A shade of the colour that still deserves the name. */
    Rgb shade(Dice dice) {
        Rgb turned = rgb().saturation() > 0.3 ? rgb().turned(dice.between(-5, 5)) : rgb();
        return turned.lighter(dice.between(-0.1, 0.1));
    }

    /** The word for it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
