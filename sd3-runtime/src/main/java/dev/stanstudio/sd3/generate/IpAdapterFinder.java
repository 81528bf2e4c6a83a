package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.checkpoint.ModelPlaces;
import dev.stanstudio.sd3.model.IpAdapterSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds IP-Adapters by path, or by name where models are found: in the model folder, then in the
 * Hugging Face cache, then in further folders. Thread-safe.
 */
public final class IpAdapterFinder {
    private static final String WEIGHTS = "ip-adapter.safetensors";
    private static final String CACHED = "models--";

    private final ModelPlaces places = ModelPlaces.ofUser();
    private final List<Path> further;

    private IpAdapterFinder(List<Path> further) {
        this.further = List.copyOf(further);
    }

    /** Returns a finder for this user, which looks in {@code further} folders too. */
    public static IpAdapterFinder ofUser(Path... further) {
        return new IpAdapterFinder(List.of(further));
    }

    /**
     * Returns the adapter called {@code name}; a text that names none is taken for a path, whose
     * reader says what is wrong with it.
     */
    public Path find(String name) {
        Path path = Path.of(name);
        if (Files.exists(path)) {
            return path;
        }
        for (Path folder : folders()) {
            if (Files.exists(folder.resolve(name).resolve(WEIGHTS))) {
                return folder.resolve(name);
            }
        }
        return places.snapshot(name, WEIGHTS).orElse(path);
    }

    /** Returns every IP-Adapter for Stable Diffusion 3 that can be named, with its folder. */
    public Map<String, Path> all() {
        Map<String, Path> found = new TreeMap<>();
        for (Path entry : ModelPlaces.list(places.hubCache())) {
            String folder = String.valueOf(entry.getFileName());
            if (folder.startsWith(CACHED)) {
                String name = folder.substring(CACHED.length()).replace("--", "/");
                places.snapshot(name, WEIGHTS)
                        .filter(IpAdapterFinder::isAdapter)
                        .ifPresent(path -> found.put(name, path));
            }
        }
        for (Path folder : folders()) {
            for (Path entry : ModelPlaces.list(folder)) {
                String name = String.valueOf(entry.getFileName());
                if (!found.containsKey(name) && isAdapter(entry)) {
                    found.put(name, entry);
                }
            }
        }
        return found;
    }

    /** Returns the model folder and the further ones. */
    public List<Path> folders() {
        List<Path> folders = new ArrayList<>(List.of(places.folder()));
        folders.addAll(further);
        return folders;
    }

    private static boolean isAdapter(Path folder) {
        if (!Files.isRegularFile(folder.resolve(WEIGHTS))) {
            return false;
        }
        try (IpAdapterSource source = IpAdapterSource.open(folder)) {
            return !source.weights().names().isEmpty();
        } catch (UserException e) {
            return false;
        }
    }
}
