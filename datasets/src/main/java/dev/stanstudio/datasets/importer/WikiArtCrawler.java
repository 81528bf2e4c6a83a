package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.StyleNames;
import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.sample.Titles;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The downloads of the WikiART crawler: one zip per movement, pictures by artist in {@code
 * painting/image/artist/title.jpg}. Movements are those the STAN paper lists; a whole artist
 * belongs to a movement, so one picture often comes in several zips.
 */
final class WikiArtCrawler implements Layout {
    private static final Set<String> MOVEMENTS =
            Set.of(
                    "abstract expressionism",
                    "baroque",
                    "ecole de paris",
                    "expressionism",
                    "impressionism",
                    "naive art primitivism",
                    "neo impressionism",
                    "neoclassicism",
                    "post impressionism",
                    "pre raphaelite brotherhood",
                    "realism",
                    "rococo",
                    "romanticism",
                    "surrealism",
                    "symbolism");

    @Override
    public String name() {
        return "wikiart-crawler";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        List<Member> pictures = Layouts.pictures(tree);
        return !pictures.isEmpty()
                && pictures.stream()
                        .allMatch(
                                picture ->
                                        !picture.folder().isEmpty()
                                                && (movement(tree.name()) != null
                                                        || inImageFolder(picture)));
    }

    private static boolean inImageFolder(Member picture) {
        return ("/" + picture.path()).contains("/painting/image/");
    }

    private static @Nullable String movement(String name) {
        String stem = new Member(name.replace('\\', '/')).stem();
        String canonical = StyleNames.canonical(stem);
        return MOVEMENTS.contains(canonical) && name.endsWith(".zip") ? canonical : null;
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        String ofArchive = movement(tree.name());
        Beside beside = new Beside(tree);
        for (Member picture : Layouts.pictures(tree)) {
            List<String> styles = ofArchive == null ? folders(picture) : List.of(ofArchive);
            sink.accept(
                    tree,
                    picture,
                    () ->
                            Labels.NONE
                                    .withStyles(styles)
                                    .withCaption(beside.caption(picture))
                                    .withArtist(Titles.words(picture.folder()))
                                    .withContent(Titles.of(picture.stem()))
                                    .withLicence(ArtGan.LICENCE));
        }
        beside.tell(sink);
    }

    private static List<String> folders(Member picture) {
        return picture.folders().stream()
                .map(StyleNames::canonical)
                .filter(MOVEMENTS::contains)
                .limit(1)
                .toList();
    }
}
