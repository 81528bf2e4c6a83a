package dev.stanstudio.scoring.manifest;

import dev.stanstudio.datasets.UserException;
import dev.stanstudio.datasets.source.FileKinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pictures below a folder without a list, by path. A folder between counts as the style of the
 * pictures in it, unless a style was given.
 */
record FolderList(Path folder, PictureList.Defaults defaults) implements PictureList {
    @Override
    public String name() {
        return folder.toString();
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).filter(FolderList::isPicture).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UserException(
                    "the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isPicture(Path file) {
        try {
            return !String.valueOf(file.getFileName()).startsWith(".") && FileKinds.isPicture(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long size() {
        return files().size();
    }

    @Override
    public void forEach(Visitor visitor) {
        files().forEach(file -> visitor.onPicture(listed(file), file));
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
                ListedJson.style(stated, null, defaults),
                null,
                null,
                null);
    }
}
