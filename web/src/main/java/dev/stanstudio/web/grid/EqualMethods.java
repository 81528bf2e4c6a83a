package dev.stanstudio.web.grid;

import dev.stanstudio.base.MethodNames;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.web.matrix.MatrixCell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds methods of a grid whose pictures are the same to the pixel: what they differ in changes
 * nothing here, such as a variant of guidance without guidance, or a weight of 0.
 */
final class EqualMethods {
    private EqualMethods() {}

    /**
     * Returns a line for each group of them. Pictures are read until all methods differ, mostly the
     * first of each.
     *
     * @param folder of the pictures
     */
    static List<String> notes(Collection<MatrixCell> cells, Path folder) {
        Map<String, List<Path>> files = new LinkedHashMap<>();
        for (MatrixCell cell : cells) {
            files.computeIfAbsent(cell.method(), method -> new ArrayList<>())
                    .add(folder.resolve(cell.file()));
        }
        long least = files.values().stream().mapToInt(List::size).min().orElse(0);
        List<List<String>> groups = List.of(List.copyOf(files.keySet()));
        for (int i = 0; i < least && !groups.isEmpty(); i++) {
            groups = apart(groups, files, i);
        }
        return groups.stream()
                .filter(group -> group.size() > 1 && least > 0)
                .map(
                        group ->
                                group.stream()
                                                .map(MethodNames::shown)
                                                .collect(Collectors.joining(", "))
                                        + " drew the same pictures: what they differ in changes"
                                        + " nothing here")
                .toList();
    }

    /**
     * Returns the parts of groups that have the same picture at {@code index}, without single ones.
     */
    private static List<List<String>> apart(
            List<List<String>> groups, Map<String, List<Path>> files, int index) {
        List<List<String>> parts = new ArrayList<>();
        for (List<String> group : groups) {
            group.stream()
                    .collect(
                            Collectors.groupingBy(
                                    method ->
                                            pixels(
                                                    files.getOrDefault(method, List.of())
                                                            .get(index)),
                                    LinkedHashMap::new,
                                    Collectors.toList()))
                    .values()
                    .stream()
                    .filter(part -> part.size() > 1)
                    .forEach(parts::add);
        }
        return parts;
    }

    private static String pixels(Path file) {
        if (!Files.isRegularFile(file)) {
            return file.toString();
        }
        Picture picture = Picture.read(file).toRgb();
        return picture.width() + " " + Sha256.of(picture.samples());
    }
}
