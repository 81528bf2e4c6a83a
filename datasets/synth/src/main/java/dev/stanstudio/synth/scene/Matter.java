package dev.stanstudio.synth.scene;

/** Matter that a shape stands for; styles treat sky, water, leaves and faces differently. */
public enum Matter {
    SKY,
    CLOUD,
    /** The sun, the moon, stars, lamps and lit windows: what shines by itself. */
    LIGHT,
    FAR,
    GROUND,
    WATER,
    FOLIAGE,
    WOOD,
    MASONRY,
    ROOF,
    SKIN,
    HAIR,
    CLOTH,
    ANIMAL,
    FRUIT,
    FLOWER,
    OBJECT,
    /** Small marks on top of another shape: eyes, mullions, reflections. */
    DETAIL,
    /** Rain, snow and mist in front of everything. */
    WEATHER
}
