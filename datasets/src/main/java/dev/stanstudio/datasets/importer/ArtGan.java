package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.StyleNames;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.sample.Titles;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The WikiArt set of ArtGAN: {@code Style/artist_title.jpg}, and beside or above it the lists
 * {@code style_train.csv}, {@code genre_val.csv} and so on, which give split and genre.
 */
final class ArtGan implements Layout {
    /** Class names in the order of the set's style numbers. */
    static final List<String> STYLES =
            List.of(
                    "Abstract_Expressionism",
                    "Action_painting",
                    "Analytical_Cubism",
                    "Art_Nouveau",
                    "Baroque",
                    "Color_Field_Painting",
                    "Contemporary_Realism",
                    "Cubism",
                    "Early_Renaissance",
                    "Expressionism",
                    "Fauvism",
                    "High_Renaissance",
                    "Impressionism",
                    "Mannerism_Late_Renaissance",
                    "Minimalism",
                    "Naive_Art_Primitivism",
                    "New_Realism",
                    "Northern_Renaissance",
                    "Pointillism",
                    "Pop_Art",
                    "Post_Impressionism",
                    "Realism",
                    "Rococo",
                    "Romanticism",
                    "Symbolism",
                    "Synthetic_Cubism",
                    "Ukiyo_e");

    private static final Set<String> CANONICAL =
            STYLES.stream().map(StyleNames::canonical).collect(Collectors.toUnmodifiableSet());

    private static final Pattern ARTIST_AND_TITLE =
            Pattern.compile("[^_]*\\p{L}{3,}[^_]*_.*\\p{L}.*");

    /** The terms the set's authors state. */
    static final String LICENCE = "non-commercial research only (WikiArt)";

    @Override
    public String name() {
        return "wikiart";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        List<Member> pictures = Layouts.pictures(tree);
        long fitting = pictures.stream().filter(ArtGan::fits).count();
        return fitting > 0 && 2 * fitting >= pictures.size();
    }

    private static boolean fits(Member picture) {
        return CANONICAL.contains(StyleNames.canonical(picture.folder()))
                && ARTIST_AND_TITLE.matcher(picture.stem()).matches();
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        ArtGanLists lists = ArtGanLists.read(tree);
        Beside beside = new Beside(tree);
        for (Member picture : Layouts.pictures(tree)) {
            sink.accept(
                    tree,
                    picture,
                    () ->
                            lists.complete(labels(picture), picture)
                                    .withCaption(beside.caption(picture)));
        }
        beside.tell(sink);
        lists.tellMissing(sink);
    }

    private static Labels labels(Member picture) {
        String stem = picture.stem();
        int underscore = stem.indexOf('_');
        Labels labels =
                Labels.NONE
                        .withStyles(
                                picture.folder().isEmpty()
                                        ? List.of()
                                        : ContainerFolders.style(List.of(picture.folder())))
                        .withLicence(LICENCE);
        // Titles hold underscores of their own; the artist ends at the first.
        return underscore < 0
                ? labels.withContent(Titles.of(stem))
                : labels.withArtist(Titles.words(stem.substring(0, underscore)))
                        .withContent(Titles.of(stem.substring(underscore + 1)));
    }
}
