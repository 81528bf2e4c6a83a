package dev.stanstudio.datasets.importer;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import dev.stanstudio.base.source.Unpacked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what a path stands for: a folder, an archive, or a folder of archives. */
final class Sources {
    /** Opens one part of a source. */
    interface Part {
        SourceTree open() throws IOException;
    }

    /**
     * A source.
     *
     * @param parts what is read, in order
     * @param leftOut tables beside archives: img2dataset repeats there what its tars hold
     * @param around the folder of the archives; null where there is one part
     */
    record Found(List<Part> parts, List<Path> leftOut, @Nullable SourceTree around) {
        static Found only(Part part) {
            return new Found(List.of(part), List.of(), null);
        }
    }

    /**
     * Returns whether {@code member} of a folder of archives is one of them or a table beside them.
     */
    static boolean isPart(Member member) {
        return isArchive(Path.of(member.path())) || member.extension().equals("parquet");
    }

    private Sources() {}

    /**
     * The parts of {@code source} in order: the archives of a folder that holds nothing but
     * archives, else the one thing it is.
     *
     * @throws UserException when there is nothing at {@code source}
     */
    static Found of(Path source) throws IOException {
        if (Files.isDirectory(source)) {
            return ofFolder(source);
        }
        if (!Files.exists(source)) {
            throw new UserException("there is no file or folder " + source);
        }
        if (isArchive(source)) {
            return Found.only(() -> archive(source));
        }
        if (new Member(String.valueOf(source.getFileName())).extension().equals("parquet")) {
            return Found.only(() -> FolderTree.ofFile(source));
        }
        throw new UserException(
                source
                        + " is no folder and no .zip, .tar, .tar.gz, .tar.zst or .parquet file;"
                        + " unpack it and name the folder");
    }

    private static Found ofFolder(Path folder) throws IOException {
        FolderTree tree = FolderTree.ofFolder(folder);
        List<Path> archives = new ArrayList<>();
        List<Path> tables = new ArrayList<>();
        boolean pictures = false;
        for (Member member : tree.members()) {
            Path file = folder.resolve(member.path());
            if (isArchive(file)) {
                archives.add(file);
            }
            if (member.extension().equals("parquet")) {
                tables.add(file);
            }
            pictures |= member.isPicture();
        }
        if (pictures || archives.isEmpty()) {
            return Found.only(() -> tree);
        }
        List<Part> parts = new ArrayList<>();
        archives.forEach(file -> parts.add(() -> archive(file)));
        return new Found(parts, tables, tree);
    }

    private static boolean isArchive(Path file) {
        return Unpacked.isTar(file)
                || FileKinds.ending(String.valueOf(file.getFileName())).equals("zip");
    }

    private static SourceTree archive(Path file) throws IOException {
        return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith("zip")
                ? ZipTree.open(file)
                : TarTree.open(file);
    }
}
