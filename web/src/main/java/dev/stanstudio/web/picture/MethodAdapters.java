package dev.stanstudio.web.picture;

import dev.stanstudio.base.LruCache;
import dev.stanstudio.base.MethodNames;
import dev.stanstudio.web.library.AdapterNames;
import dev.stanstudio.web.matrix.Method;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Tells adapters of one name apart: finds the hashes of those that pictures' methods used. Matrices
 * never change, so that what was read is kept. Thread-safe.
 */
public final class MethodAdapters {
    private static final int KEPT = 2_000;

    private final PictureTable table;
    private final LruCache<String, List<Method>> methods = new LruCache<>(KEPT);

    /** Reads the matrices of {@code table}. */
    public MethodAdapters(PictureTable table) {
        this.table = table;
    }

    /** Returns the shortened hashes of the adapters of a method, as far as they were recorded. */
    public static List<String> hashes(Method method) {
        return method.adapters().stream()
                .flatMap(use -> Stream.ofNullable(use.sha256()))
                .map(AdapterNames::shortHash)
                .toList();
    }

    /** Returns the shortened hashes of the adapters that drew a picture. */
    public List<String> hashes(StoredPicture picture) {
        return hashes(picture.matrix(), picture.subject().method());
    }

    /** Returns the shortened hashes of all adapters that pictures of a method used, by method. */
    Map<String, List<String>> hashes(Map<String, List<String>> matricesByMethod) {
        Map<String, List<String>> found = new TreeMap<>();
        matricesByMethod.forEach(
                (method, matrices) -> {
                    TreeSet<String> own = new TreeSet<>();
                    matrices.forEach(matrix -> own.addAll(hashes(matrix, method)));
                    found.put(method, List.copyOf(own));
                });
        return found;
    }

    private List<String> hashes(String matrix, String method) {
        return methods.get(matrix, this::methods).stream()
                .filter(
                        own ->
                                method.equals(own.name())
                                        || method.startsWith(own.name() + MethodNames.BETWEEN))
                .findFirst()
                .map(MethodAdapters::hashes)
                .orElse(List.of());
    }

    private List<Method> methods(String matrix) {
        return table.matrix(matrix).map(own -> own.request().methods()).orElse(List.of());
    }
}
