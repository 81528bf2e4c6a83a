package dev.stanstudio.datasets.importer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Styles that pictures take from their folders. A folder that is the only one tells nothing apart,
 * so that a style given by the user counts before it, as Hugging Face's imagefolder drops labels of
 * one folder; folders of several names count before that style, which is said.
 */
final class FolderStyles {
    private final Function<Member, List<String>> folders;
    private final boolean dropped;

    private FolderStyles(Function<Member, List<String>> folders, boolean dropped) {
        this.folders = folders;
        this.dropped = dropped;
    }

    /**
     * Decides whether folders name styles.
     *
     * @param folders what a picture's folders would name; empty for nothing
     */
    static FolderStyles of(
            List<Member> pictures, Function<Member, List<String>> folders, ItemSink sink) {
        String given = sink.givenStyle();
        if (given == null) {
            return new FolderStyles(folders, false);
        }
        Set<List<String>> all = new LinkedHashSet<>();
        pictures.forEach(picture -> all.add(folders.apply(picture)));
        boolean dropped = all.size() == 1;
        all.remove(List.<String>of());
        if (!all.isEmpty()) {
            sink.note(said(given, all.iterator().next().get(0), all.size(), dropped));
        }
        return new FolderStyles(folders, dropped);
    }

    private static String said(String given, String first, int count, boolean dropped) {
        return dropped
                ? "all pictures lie in the folder \"%s\", but get the style \"%s\" of --style"
                        .formatted(first, given)
                : ("%d folders name styles, the first \"%s\"; --style \"%s\" is for pictures"
                                + " outside them (import a folder by itself to give it that style)")
                        .formatted(count, first, given);
    }

    /** Returns the style that the folders of {@code picture} name; empty for none. */
    List<String> of(Member picture) {
        return dropped ? List.of() : folders.apply(picture);
    }
}
