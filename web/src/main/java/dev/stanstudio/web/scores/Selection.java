package dev.stanstudio.web.scores;

import dev.stanstudio.datasets.ArgumentException;
import dev.stanstudio.datasets.UserException;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.web.picture.Json;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.StoredPicture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pictures of the gallery as a folder that can be scored, which stays when they are deleted. */
final class Selection {
    private Selection() {}

    /**
     * Writes a manifest of {@code pictures} into {@code folder}, and links their files there.
     *
     * @throws UserException if it cannot be written
     */
    static void write(Path folder, List<StoredPicture> pictures, PictureFiles files) {
        StringBuilder lines = new StringBuilder();
        try {
            Files.createDirectories(folder);
            for (StoredPicture picture : pictures) {
                Path file = files.png(picture.id());
                if (Files.exists(file)) {
                    String name = picture.id() + ".png";
                    link(folder.resolve(name), file);
                    lines.append(Json.write(line(picture, name))).append('\n');
                }
            }
            if (lines.isEmpty()) {
                throw new ArgumentException("none of these pictures has a file any more");
            }
            Files.writeString(folder.resolve(PictureList.MANIFEST), lines, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("cannot write " + folder + ": " + e.getMessage(), e);
        }
    }

    /** A second name costs nothing; where the file system has none, it is a copy. */
    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (UnsupportedOperationException | IOException e) {
            Files.copy(file, link);
        }
    }

    private static Map<String, Object> line(StoredPicture picture, String name) {
        StoredPicture.Subject subject = picture.subject();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", name);
        line.put("method", subject.method());
        if (!subject.style().isEmpty()) {
            line.put("style", subject.style());
        }
        line.put("content", subject.prompt());
        line.put("prompt", text(subject));
        line.put("seed", subject.seed());
        return line;
    }

    /** The text that the model was given. */
    private static String text(StoredPicture.Subject subject) {
        return subject.style().isEmpty()
                ? subject.prompt()
                : dev.stanstudio.sd3.pipeline.PromptTexts.inStyle(
                        subject.prompt(), subject.style());
    }
}
