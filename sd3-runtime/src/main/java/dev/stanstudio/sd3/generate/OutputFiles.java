package dev.stanstudio.sd3.generate;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Names the files of pictures: one PNG file, numbered files beside it for several pictures, or the
 * next free numbers in a folder. Checked before anything is computed.
 */
final class OutputFiles {
    private static final String SUFFIX = ".png";

    private final Path out;
    private final int count;
    private final boolean folder;
    private int next;

    private OutputFiles(Path out, int count, boolean folder) {
        this.out = out;
        this.count = count;
        this.folder = folder;
    }

    /**
     * Checks that pictures can be written to {@code out}; a name that does not end in .png is a
     * folder, which is made.
     *
     * @param inputs what no picture may replace
     * @throws UserException if nothing can be written there
     */
    static OutputFiles prepare(Path out, int count, InputFiles inputs) {
        boolean folder = Files.isDirectory(out) || !isPng(out);
        OutputFiles files = new OutputFiles(out, count, folder);
        for (int i = 0; !folder && i < count; i++) {
            inputs.keep("--out", files.file(i));
        }
        if (!folder) {
            AtomicFile.requireName(files.file(count - 1));
        }
        Path target = folder ? out : parent(out);
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw new UserException(
                    "the folder " + target + " cannot be made; choose another with --out", e);
        }
        try {
            // Permissions alone are not enough: the disk may be full or mounted read-only.
            Files.delete(Files.createTempFile(target, ".studio", ".tmp"));
        } catch (IOException e) {
            throw new UserException(
                    "the folder " + target + " cannot be written; choose another with --out", e);
        }
        return files;
    }

    private static boolean isPng(Path out) {
        String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(SUFFIX)) {
            return true;
        }
        if (name.matches(".*\\.(jpe?g|webp|gif|bmp|tiff?|avif)")) {
            throw new ArgumentException(
                    "--out " + out + ": pictures are written as PNG; end the name in .png");
        }
        return false;
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    /** The file of the next picture, whose seed is {@code seed}. */
    Path next(long seed) {
        if (!folder) {
            return file(next++);
        }
        while (true) {
            Path candidate = out.resolve(String.format(Locale.ROOT, "%05d-%d.png", next++, seed));
            if (Files.notExists(candidate) && !taken(next - 1)) {
                return candidate;
            }
        }
    }

    private boolean taken(int number) {
        String prefix = String.format(Locale.ROOT, "%05d-", number);
        try (var files = Files.newDirectoryStream(out, prefix + "*.png")) {
            return files.iterator().hasNext();
        } catch (IOException e) {
            throw new UserException("the folder " + out + " cannot be read", e);
        }
    }

    private Path file(int index) {
        if (count == 1) {
            return out;
        }
        String name = String.valueOf(out.getFileName());
        String stem = name.substring(0, name.length() - SUFFIX.length());
        return out.resolveSibling(stem + "-" + index + SUFFIX);
    }
}
