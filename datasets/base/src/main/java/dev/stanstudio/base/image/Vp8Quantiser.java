package dev.stanstudio.base.image;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Factors of the coefficients of a segment: of the first of a block and of the others (RFC 6386,
 * sections 9.6 and 14.1).
 *
 * @param second of the block of luma's first coefficients
 */
record Vp8Quantiser(Factors luma, Factors second, Factors chroma) {
    private static final int LAST = 127;

    private static final int[] FIRST_FACTORS =
            Vp8Numbers.of(
                    """
                    4   5   6   7   8   9  10  10  11  12  13  14  15  16  17  17
                    18  19  20  20  21  21  22  22  23  23  24  25  25  26  27  28
                    29  30  31  32  33  34  35  36  37  37  38  39  40  41  42  43
                    44  45  46  46  47  48  49  50  51  52  53  54  55  56  57  58
                    59  60  61  62  63  64  65  66  67  68  69  70  71  72  73  74
                    75  76  76  77  78  79  80  81  82  83  84  85  86  87  88  89
                    91  93  95  96  98 100 101 102 104 106 108 110 112 114 116 118
                    122 124 126 128 130 132 134 136 138 140 143 145 148 151 154 157
                    """,
                    LAST + 1);

    private static final int[] OTHER_FACTORS =
            Vp8Numbers.of(
                    """
                    4   5   6   7   8   9  10  11  12  13  14  15  16  17  18  19
                    20  21  22  23  24  25  26  27  28  29  30  31  32  33  34  35
                    36  37  38  39  40  41  42  43  44  45  46  47  48  49  50  51
                    52  53  54  55  56  57  58  60  62  64  66  68  70  72  74  76
                    78  80  82  84  86  88  90  92  94  96  98 100 102 104 106 108
                    110 112 114 116 119 122 125 128 131 134 137 140 143 146 149 152
                    155 158 161 164 167 170 173 177 181 185 189 193 197 201 205 209
                    213 217 221 225 229 234 239 245 249 254 259 264 269 274 279 284
                    """,
                    LAST + 1);

    /** Highest first factor of chroma, lowest other one of the second block. */
    private static final int MAX_CHROMA_FIRST = 132;

    private static final int MIN_SECOND_OTHER = 8;

    /** Factors of a block's first coefficient and of all others. */
    record Factors(int first, int other) {}

    /** Reads the frame's index and its deltas; one quantiser for each segment. */
    static List<Vp8Quantiser> read(Vp8Bits in, Vp8Segments segments) {
        int frame = in.number(7);
        int[] deltas = IntStream.range(0, 5).map(i -> in.optional(4)).toArray();
        return IntStream.range(0, Vp8Segments.COUNT)
                .mapToObj(segment -> of(segments.quantiser(segment, frame), deltas))
                .toList();
    }

    private static Vp8Quantiser of(int index, int[] deltas) {
        return new Vp8Quantiser(
                new Factors(first(index + deltas[0]), other(index)),
                new Factors(
                        2 * first(index + deltas[1]),
                        Math.max(MIN_SECOND_OTHER, other(index + deltas[2]) * 155 / 100)),
                new Factors(
                        Math.min(MAX_CHROMA_FIRST, first(index + deltas[3])),
                        other(index + deltas[4])));
    }

    private static int first(int index) {
        return FIRST_FACTORS[Math.max(0, Math.min(LAST, index))];
    }

    private static int other(int index) {
        return OTHER_FACTORS[Math.max(0, Math.min(LAST, index))];
    }
}
