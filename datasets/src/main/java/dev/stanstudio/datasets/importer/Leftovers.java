package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.source.FileKinds;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settles the files of a source that its layout did not deal with: files that go with data sets are
 * left aside, all others are named and counted, so that no loss stays unsaid.
 */
final class Leftovers {
    /** Names of files that lie in data sets without labelling a picture. */
    private static final Pattern ASIDE =
            Pattern.compile(
                    "(readme|licen[cs]e|copying|notice|citation|changelog)(\\..*)?"
                            + "|dataset_infos?\\.json|dataset_dict\\.json|state\\.json"
                            + "|.*_stats\\.json|info\\.json"
                            + "|(sha256|md5|sha1)sums?(\\..*)?|checksums?(\\..*)?"
                            + "|(artist|genre|style)_(class|train|val)\\.(txt|csv)");

    /** Documents, settings, programs, and what trainers keep of pictures they have seen. */
    private static final Set<String> ASIDE_ENDINGS =
            Set.of(
                    "md", "rst", "html", "htm", "pdf", "py", "sh", "ipynb", "yaml", "yml", "toml",
                    "ini", "cfg", "log", "npz");

    private final TrackedTree tree;
    private final ItemSink sink;
    private final Set<String> stems = new HashSet<>();
    private final Set<String> groups = new HashSet<>();
    private long aside;
    private @Nullable String firstAside;

    private Leftovers(TrackedTree tree, ItemSink sink) {
        this.tree = tree;
        this.sink = sink;
        for (Member member : tree.members()) {
            if (member.isPicture()) {
                stems.add(member.path());
                stems.add(member.pathStem());
            }
            groups.addAll(parents(member));
        }
    }

    private static List<String> parents(Member member) {
        String path = member.path();
        int slash = path.lastIndexOf('/');
        boolean archive = path.endsWith(".tar") || path.endsWith(".zip");
        String parent = slash < 0 ? "" : path.substring(0, slash);
        return archive ? List.of(parent, member.pathStem()) : List.of(parent);
    }

    /**
     * Settles them.
     *
     * @return how many files were left aside, clutter included
     */
    static long settle(TrackedTree tree, ItemSink sink) {
        Leftovers leftovers = new Leftovers(tree, sink);
        for (Member member : tree.members()) {
            if (!tree.isUsed(member)) {
                leftovers.settle(member);
            }
        }
        if (leftovers.aside > 0) {
            sink.note(
                    "%s files beside the pictures are left aside, the first %s"
                            .formatted(leftovers.aside, leftovers.firstAside));
        }
        if (tree.clutter() > 0) {
            sink.note(
                    "%s hidden files or files of operating systems in %s are left out"
                            .formatted(tree.clutter(), tree.name()));
        }
        return leftovers.aside + tree.clutter();
    }

    private void settle(Member member) {
        if (goesAside(member)) {
            aside++;
            firstAside = firstAside == null ? tree.locator(member) : firstAside;
        } else {
            sink.reject(new Problem(tree.locator(member), reason(member)));
        }
    }

    /** Returns whether a file of this name goes with data sets without labelling a picture. */
    static boolean isAside(Member member) {
        return ASIDE.matcher(member.name().toLowerCase(Locale.ROOT)).matches()
                || ASIDE_ENDINGS.contains(member.extension());
    }

    private boolean goesAside(Member member) {
        return isAside(member)
                || isBesidePicture(member)
                || (member.extension().equals("parquet") && groups.contains(member.pathStem()));
    }

    /** The second caption of a picture, or the label of one that was named itself. */
    private boolean isBesidePicture(Member member) {
        return FileKinds.isLabel(member.name()) && stems.contains(member.pathStem());
    }

    private static String reason(Member member) {
        if (member.isPicture()) {
            return "is a picture where the layout has none";
        }
        String extension = member.extension();
        if (extension.equals("txt") || extension.equals("caption")) {
            return "no picture of this name lies beside it";
        }
        if (FileKinds.isLabel(member.name())) {
            return "labels no picture in a way that is known";
        }
        if (extension.equals("zip") || extension.equals("tar") || extension.equals("tgz")) {
            return "an archive beside pictures is not read; import it by itself";
        }
        return "is neither a picture that can be read nor a label";
    }
}
