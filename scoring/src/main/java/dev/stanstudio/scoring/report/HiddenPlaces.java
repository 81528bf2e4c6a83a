package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.manifest.Manifest;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.score.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Removes the folders of this machine from texts of a page that others may read. */
record HiddenPlaces(List<String> roots) {
    private static final Pattern ABSOLUTE =
            Pattern.compile(
                    "(?<![\\w./\\\\])(?:[A-Za-z]:)?(?:[/\\\\][^/\\\\\\s:'\"]+)+[/\\\\](?=[^/\\\\\\s])");

    static HiddenPlaces of(Result result) {
        List<String> roots = new ArrayList<>(result.inputs());
        Result.References references = result.references();
        if (references != null) {
            roots.add(references.collection());
            roots.add(references.training());
        }
        roots.sort(Comparator.comparingInt(String::length).reversed());
        return new HiddenPlaces(List.copyOf(roots));
    }

    /** Returns a text in which paths begin at the folder that was named. */
    String hidden(String text) {
        String hidden = text;
        for (String root : roots) {
            hidden = root.isEmpty() ? hidden : hidden.replace(root, name(root));
        }
        return ABSOLUTE.matcher(hidden).replaceAll("");
    }

    Problem hidden(Problem problem) {
        return new Problem(problem.kind(), hidden(problem.where()), hidden(problem.what()));
    }

    private static String name(String path) {
        Path whole = Path.of(path);
        Path name = whole.getFileName();
        Path folder = whole.getParent() == null ? null : whole.getParent().getFileName();
        boolean list = name != null && name.toString().equals(Manifest.FILE) && folder != null;
        return list ? folder + "/" + name : String.valueOf(name == null ? path : name);
    }
}
