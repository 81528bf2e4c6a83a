package dev.stanstudio.datasets.importer;

import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The data of DualStyleGAN: aligned faces in {@code style/images/train/picture.jpg}. */
final class DualStyleGan implements Layout {
    private static final Pattern PATH = Pattern.compile("(?:.*/)?([^/]+)/images/train/[^/]+");
    private static final String LICENCE = "S-Lab License 1.0 (non-commercial)";

    @Override
    public String name() {
        return "dualstylegan";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        List<Member> pictures = Layouts.pictures(tree);
        return !pictures.isEmpty()
                && pictures.stream().allMatch(picture -> PATH.matcher(picture.path()).matches());
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        Beside beside = new Beside(tree);
        for (Member picture : Layouts.pictures(tree)) {
            Matcher path = PATH.matcher(picture.path());
            Labels labels = Labels.NONE.withLicence(LICENCE);
            if (path.matches()) {
                // Every picture is a face, and its file name only a number.
                labels = labels.withStyles(List.of(path.group(1))).withContent("a portrait");
            }
            Labels known = labels;
            sink.accept(tree, picture, () -> known.withCaption(beside.caption(picture)));
        }
        beside.tell(sink);
    }
}
