package dev.stanstudio.datasets.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Methods that several layouts share. */
final class Layouts {
    private static final Map<String, String> SPLITS =
            Map.of(
                    "train", "train",
                    "training", "train",
                    "val", "validation",
                    "valid", "validation",
                    "validation", "validation",
                    "dev", "validation",
                    "test", "test",
                    "testing", "test");

    private Layouts() {}

    /** The part of a data set that a folder of this name holds, or null; COCO's have a year. */
    static @Nullable String split(String folder) {
        return SPLITS.get(folder.toLowerCase(Locale.ROOT).replaceFirst("20(14|15|17)$", ""));
    }

    /** The split named by the outermost such folder of {@code member}, or null. */
    static @Nullable String split(Member member) {
        for (String folder : member.folders()) {
            String split = split(folder);
            if (split != null) {
                return split;
            }
        }
        return null;
    }

    static List<Member> pictures(SourceTree tree) {
        return tree.members().stream().filter(Member::isPicture).toList();
    }

    /** The number of folders that all pictures of an archive share but need not. */
    static int sharedFolders(SourceTree tree, List<Member> pictures) {
        if (!tree.isArchive() || pictures.isEmpty()) {
            return 0;
        }
        List<String> shared = new ArrayList<>(pictures.get(0).folders());
        for (Member picture : pictures) {
            List<String> folders = picture.folders();
            int same = 0;
            while (same < shared.size()
                    && same < folders.size() - 1
                    && shared.get(same).equals(folders.get(same))) {
                same++;
            }
            shared.subList(same, shared.size()).clear();
        }
        return shared.size();
    }
}
