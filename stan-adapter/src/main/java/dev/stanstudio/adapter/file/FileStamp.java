package dev.stanstudio.adapter.file;

import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.FileVersion;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells whether an adapter's files are still those that were read: names, sizes, times and, where
 * the file system has them, file numbers. Hashing them would take longer than reading them.
 *
 * @param path the adapter, without links
 * @param files one line for each file
 */
public record FileStamp(Path path, List<String> files) {
    /** Copies the lines. */
    public FileStamp {
        files = List.copyOf(files);
    }

    /**
     * The stamp of the adapter at {@code path} now.
     *
     * @throws UserException if there is none
     */
    public static FileStamp of(Path path) {
        if (!Files.exists(path)) {
            throw new UserException("there is no adapter at " + path);
        }
        try {
            Path real = path.toRealPath();
            if (!Files.isDirectory(real)) {
                return new FileStamp(real, List.of(line(real)));
            }
            try (Stream<Path> inside = Files.list(real)) {
                List<Path> files = inside.filter(Files::isRegularFile).sorted().toList();
                List<String> lines = new ArrayList<>();
                for (Path file : files) {
                    lines.add(line(file));
                }
                return new FileStamp(real, lines);
            }
        } catch (IOException e) {
            throw new UserException(path + " cannot be read: " + AtomicFile.reason(e), e);
        }
    }

    private static String line(Path file) throws IOException {
        return file.getFileName() + " " + FileVersion.of(file).line();
    }
}
