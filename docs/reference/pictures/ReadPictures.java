import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads every file of {@code DIR/files} with the program, as stored and as seen, and writes the
 * pixels to {@code DIR/own-stored} and {@code DIR/own-seen}; refusals go to {@code DIR/own.tsv}.
 */
class ReadPictures {
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        Files.createDirectories(root.resolve("own-stored"));
        Files.createDirectories(root.resolve("own-seen"));
        StringBuilder refused = new StringBuilder();
        List<Path> files;
        try (Stream<Path> all = Files.list(root.resolve("files"))) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            long start = System.nanoTime();
            try {
                Picture.read(file).toRgb().writePng(root.resolve("own-stored/" + name + ".png"));
                seen(file).writePng(root.resolve("own-seen/" + name + ".png"));
            } catch (UserException e) {
                refused.append(name).append('\t').append(e.getMessage()).append('\n');
            } catch (Throwable e) {
                refused.append(name).append("\tDEFECT ").append(e).append('\n');
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            if (millis > 3000) {
                System.out.println(name + " took " + millis + " ms");
            }
        }
        Files.writeString(root.resolve("own.tsv"), refused);
    }

    private static Picture seen(Path file) {
        return Picture.read(file, Reading.SEEN);
    }
}
