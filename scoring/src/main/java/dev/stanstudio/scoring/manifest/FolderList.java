package dev.stanstudio.scoring.manifest;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the pictures below a folder without a manifest, by path. The name of a subfolder is the
 * style of the pictures in it, unless a style was given.
 */
record FolderList(Path folder, PictureList.Defaults defaults) implements PictureList {
    @Override
    public String name() {
        return folder.toString();
    }

    private List<Path> files() {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(
                    folder,
                    EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                    Integer.MAX_VALUE,
                    new Pictures(found));
            Collections.sort(found);
            return List.copyOf(found);
        } catch (IOException e) {
            throw new UserException(
                    "the folder %s cannot be read: %s".formatted(folder, AtomicFile.reason(e)), e);
        }
    }

    /** Collects pictures, also through links to folders; a link to a folder above ends there. */
    private static final class Pictures extends SimpleFileVisitor<Path> {
        private final List<Path> found;

        Pictures(List<Path> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            String name = String.valueOf(file.getFileName());
            // Links are followed: what is still one leads to nothing.
            boolean picture =
                    attributes.isSymbolicLink()
                            ? FileKinds.isPicture(name)
                            : attributes.isRegularFile() && FileKinds.isPicture(file);
            if (picture && !name.startsWith(".")) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }
    }

    @Override
    public long size() {
        return files().size();
    }

    @Override
    public void forEach(Visitor visitor) {
        files().forEach(file -> visitor.onPicture(listed(file), Files.exists(file) ? file : null));
    }

    private ListedPicture listed(Path file) {
        Path relative = folder.relativize(file);
        Path parent = relative.getParent();
        @Nullable String between = parent == null ? null : String.valueOf(parent.getFileName());
        String stated = defaults.style() == null ? between : null;
        return new ListedPicture(
                relative.toString().replace('\\', '/'),
                null,
                defaults.method(),
                ManifestRecord.style(stated, null, defaults),
                null,
                null,
                null);
    }
}
