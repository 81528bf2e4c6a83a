package dev.stanstudio.base.image;

/** Meanings of a JPEG's components. */
enum JpegColours {
    GREY,
    RGB,
    /** Luma and two chroma components; JFIF's colours. */
    LUMA_CHROMA,
    /** Inks, inverted or not. */
    CMYK,
    /** Inks whose first three are turned into luma and chroma, as Adobe's programs write them. */
    YCCK
}
