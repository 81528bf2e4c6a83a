package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.stanstudio.base.InnerPath;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.LabelJson;
import dev.stanstudio.base.source.TextEncoding;
import dev.stanstudio.base.source.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON lines beside the pictures that they name. */
record LineList(Path list, PictureList.Defaults defaults) implements PictureList {
    @Override
    public String name() {
        return list.toString();
    }

    @Override
    public long size() {
        long count = 0;
        try (TextLines lines = lines()) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                count += line.isBlank() ? 0 : 1;
            }
            return count;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void forEach(Visitor visitor) {
        try (TextLines lines = lines()) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    read(line, lines.number(), visitor);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private TextLines lines() throws IOException {
        String file = list.toString();
        return new TextLines(
                file, TextEncoding.DETECT.reader(file, () -> Files.newInputStream(list)));
    }

    private UserException unreadable(Exception e) {
        return new UserException(list + " cannot be read as UTF-8 lines: " + e.getMessage(), e);
    }

    private void read(String line, long number, Visitor visitor) {
        ListedPicture picture;
        Path file;
        try {
            JsonNode node = LabelJson.read(line);
            String named = ListedJson.file(node);
            file = inside(named);
            picture = ListedJson.read(node, named, defaults);
        } catch (JsonProcessingException e) {
            visitor.onProblem(bad(number, "is no JSON: " + e.getOriginalMessage()));
            return;
        } catch (IllegalArgumentException e) {
            visitor.onProblem(bad(number, String.valueOf(e.getMessage())));
            return;
        }
        visitor.onPicture(picture, Files.isRegularFile(file) ? file : null);
    }

    private Problem bad(long number, String what) {
        String where = list.getFileName() + " line " + number;
        return new Problem(Problem.Kind.BAD_LINE, where, what.lines().findFirst().orElse(""));
    }

    private Path inside(String named) {
        Path folder = list.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            throw new IllegalArgumentException("lies in no folder");
        }
        return InnerPath.of(folder, named, "file");
    }
}
