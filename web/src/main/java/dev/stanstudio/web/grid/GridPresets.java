package dev.stanstudio.web.grid;

import dev.stanstudio.base.UserException;
import java.util.List;

/** Finds lists of pairs by name. */
final class GridPresets {
    private static final String APPENDIX_E = "appendix-e";
    private static final String NANO = "nano";

    /** The 21 styles and contents that the STAN paper shows in its Appendix E. */
    private static final List<GridPair> PAPER =
            List.of(
                    new GridPair("abstract expressionism", "ladies with watermelons"),
                    new GridPair("anime", "two students walking home after school in spring"),
                    new GridPair("baroque", "women in robes"),
                    new GridPair("cartoon", "two kids building a time machine in a garage"),
                    new GridPair("ecole de paris", "portrait"),
                    new GridPair("expressionism", "snowy ground"),
                    new GridPair("fantasy", "a castle carved into a cliff glowing with runes"),
                    new GridPair("illustration", "a rainy day with two friends playing chess"),
                    new GridPair("impasto", "a village with twisted trees and stars overhead"),
                    new GridPair("impressionism", "woman in the garden"),
                    new GridPair("naive art primitivism", "blue eyed flowers"),
                    new GridPair("neo impressionism", "a women"),
                    new GridPair("neoclassicism", "two women"),
                    new GridPair("post impressionism", "a portrait of a man inside a frame"),
                    new GridPair(
                            "pre raphaelite brotherhood",
                            "three female figures{dancing and playing"),
                    new GridPair("realism", "a woman"),
                    new GridPair("rococo", "a man"),
                    new GridPair("romanticism", "a woman and a white horse"),
                    new GridPair("surrealism", "blancs"),
                    new GridPair("symbolism", "st-anthony"),
                    new GridPair("ukiyoe", "Mount Fuji behind blooming cherry trees"));

    /**
     * The same number in the words of the procedural collection; four styles that it lacks are
     * replaced by ones of its own.
     */
    private static final List<GridPair> PROCEDURAL =
            List.of(
                    new GridPair(
                            "abstract expressionism", "five white roses in a blue vase on a table"),
                    new GridPair(
                            "anime",
                            "a blue car in front of four colourful houses in a city street at"
                                    + " noon, in clear weather"),
                    new GridPair(
                            "baroque",
                            "the portrait of a woman with black hair in a green blouse, blue"
                                    + " background"),
                    new GridPair("cartoon", "an orange striped cat sitting on a blue rug"),
                    new GridPair(
                            "cubism",
                            "a man with brown hair in a white jacket in front of a blue wall"),
                    new GridPair(
                            "expressionism",
                            "a snowy forest crossed by a path at midday, in clear weather"),
                    new GridPair(
                            "fantasy",
                            "at night, a red castle on a hill, under the stars, full moon"),
                    new GridPair(
                            "illustration",
                            "a person with a black umbrella in front of four colourful houses in"
                                    + " a city street by night, under clouds"),
                    new GridPair(
                            "impasto",
                            "two trees in a meadow with pink flowers, in autumn, at dawn, in the"
                                    + " rain"),
                    new GridPair(
                            "impressionism",
                            "two sailboats with green sails on the sea under clouds by night"),
                    new GridPair("naive art", "four blue daisies in a turquoise vase"),
                    new GridPair(
                            "pointillism",
                            "two purple mountains above a lake under a clear sky at midday"),
                    new GridPair(
                            "neoclassicism",
                            "a grey bridge with three arches across a river at dawn, under a"
                                    + " clear sky"),
                    new GridPair(
                            "post impressionism",
                            "a purple chair in a room, a yellow wall and a lamp, night outside"
                                    + " the window"),
                    new GridPair(
                            "art nouveau",
                            "three yellow birds sitting on a branch under a clear sky at noon"),
                    new GridPair(
                            "watercolour",
                            "a blue and white lighthouse on the rocky coast in the evening, in"
                                    + " clear weather"),
                    new GridPair(
                            "rococo", "five blue plums and a brown bottle on a green tablecloth"),
                    new GridPair(
                            "romanticism",
                            "a grey horse standing in a field early in the morning, in mist"),
                    new GridPair("surrealism", "three yellow fish in the sea"),
                    new GridPair(
                            "symbolism", "a full moon above a lake, dark firs on the shore, night"),
                    new GridPair(
                            "ukiyo-e",
                            "two blue mountains behind a fir forest by night, under a clear"
                                    + " sky"));

    private GridPresets() {}

    static List<GridPair> named(String name) {
        return switch (name) {
            case APPENDIX_E -> PAPER;
            case NANO -> PROCEDURAL;
            default ->
                    throw new UserException(
                            ("there are no pairs '%s'; there are %s and %s, or list style and"
                                            + " content yourself")
                                    .formatted(name, APPENDIX_E, NANO));
        };
    }
}
