package dev.stanstudio.web.job;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.web.home.StudioHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The collections in the studio's folder {@code collections}, a procedural one that is drawn at its
 * first use, and any other by its path. Thread-safe.
 */
public final class CollectionCatalog {
    /** The procedural collection, in parts for training and for judging. */
    public static final String BUILT_IN = "procedural";

    private static final int BUILT_IN_PICTURES = 1_000;

    private final Path folder;

    /** Lists the collections of {@code home}, whose folder is created if it is missing. */
    public CollectionCatalog(StudioHome home) {
        this.folder = home.subfolder("collections");
    }

    /**
     * A collection to work with.
     *
     * @param path its folder, which {@code before} may have to create
     * @param before commands that make it, in order; none if it exists
     */
    public record Choice(Path path, List<JobCommand> before) {
        /** Keeps a copy of the list. */
        public Choice {
            before = List.copyOf(before);
        }
    }

    /** Returns the names to choose from, the built-in one last. */
    public List<String> names() {
        try (Stream<Path> paths = Files.list(folder)) {
            Stream<String> found =
                    paths.filter(path -> Files.exists(path.resolve(StyleCollection.METADATA)))
                            .map(path -> String.valueOf(path.getFileName()))
                            .filter(name -> !name.equals(BUILT_IN))
                            .sorted();
            return Stream.concat(found, Stream.of(BUILT_IN)).toList();
        } catch (NoSuchFileException e) {
            return List.of(BUILT_IN); // the folder was removed; it is created when needed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Finds the collection that a form chose.
     *
     * @param name one of {@link #names}
     * @param other path of another folder, which takes precedence unless it is blank
     * @throws UserException if there is no collection
     */
    public Choice choose(String name, String other) {
        if (!other.isBlank()) {
            return there(path(other.strip()));
        }
        if (!names().contains(name)) {
            throw new ArgumentException("there is no collection '" + name + "' in " + folder);
        }
        Path path = folder.resolve(name);
        boolean drawn = Files.exists(path.resolve(StyleCollection.METADATA));
        return name.equals(BUILT_IN) && !drawn ? new Choice(path, drawing(path)) : there(path);
    }

    /**
     * Returns {@code styles}, which the built-in collection will have once it is drawn.
     *
     * @throws UserException that names the styles it has
     */
    public List<String> requireBuiltIn(List<String> styles) {
        List<String> known =
                ArtStyle.taught().stream()
                        .map(style -> StyleNames.canonical(style.words()))
                        .toList();
        for (String style : styles) {
            if (!known.contains(StyleNames.canonical(style))) {
                throw new ArgumentException(
                        "the collection has no style '%s'; it has %s"
                                .formatted(style, String.join(", ", known)));
            }
        }
        return styles;
    }

    private static Choice there(Path path) {
        return new Choice(StyleCollection.open(path).folder().toAbsolutePath(), List.of());
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ArgumentException("'" + text + "' is no path of a folder", e);
        }
    }

    private static List<JobCommand> drawing(Path path) {
        return List.of(
                new JobCommand(
                        List.of(
                                "dataset",
                                "synth",
                                "--out",
                                path.toString(),
                                "--count",
                                String.valueOf(BUILT_IN_PICTURES),
                                "--seed",
                                "1"),
                        path.resolve(StyleCollection.METADATA).toString()),
                new JobCommand(
                        List.of("dataset", "split", path.toString(), "--ratios", "90/5/5"), null));
    }
}
