package dev.stanstudio.base.image;

import java.util.Locale;

/**
 * Capital letters, digits and a hyphen on a 5 × 7 grid, so that labels need no font of the machine.
 */
final class PixelFont {
    /** Cells from one letter to the next. */
    public static final int ADVANCE = 6;

    /** Cells from one line to the next. */
    public static final int LINE = 9;

    private static final int WIDTH = 5;
    private static final int HEIGHT = 7;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

    /**
     * Seven rows of five cells per letter, two hexadecimal digits a row, the left cell the highest
     * bit.
     */
    private static final String[] ROWS = {
        "0E11111F111111", "1E11111E11111E", "0E11101010110E", "1C12111111121C", "1F10101E10101F",
                "1F10101E101010",
        "0E11101713110F", "1111111F111111", "0E04040404040E", "0702020202120C", "11121418141211",
                "1010101010101F",
        "111B1515111111", "11191915131311", "0E11111111110E", "1E11111E101010", "0E11111115120D",
                "1E11111E141211",
        "0F10100E01011E", "1F040404040404", "1111111111110E", "11111111110A04", "1111111515150A",
                "11110A040A1111",
        "11110A04040404", "1F01020408101F", "0E11131519110E", "040C040404040E", "0E11010204081F",
                "1F02040201110E",
        "02060A121F0202", "1F101E0101110E", "0608101E11110E", "1F010204080808", "0E11110E11110E",
                "0E11110F01020C",
        "0000000E000000"
    };

    private PixelFont() {}

    /** Receives the filled cells. */
    public interface Cells {
        /** Called for each cell that is part of a letter. */
        void fill(int column, int row);
    }

    /** Writes one line; letters that it does not have are left blank. */
    public static void write(String text, Cells cells) {
        String capitals = text.toUpperCase(Locale.ROOT);
        for (int k = 0; k < capitals.length(); k++) {
            int letter = LETTERS.indexOf(capitals.charAt(k));
            for (int row = 0; letter >= 0 && row < HEIGHT; row++) {
                int bits = Integer.parseInt(ROWS[letter], 2 * row, 2 * row + 2, 16);
                for (int column = 0; column < WIDTH; column++) {
                    if ((bits >> (WIDTH - 1 - column) & 1) == 1) {
                        cells.fill(k * ADVANCE + column, row);
                    }
                }
            }
        }
    }
}
