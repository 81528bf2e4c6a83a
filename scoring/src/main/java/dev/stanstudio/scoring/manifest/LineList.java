package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.datasets.InnerPath;
import dev.stanstudio.datasets.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** JSON lines beside the pictures that they name. */
record LineList(Path list, PictureList.Defaults defaults) implements PictureList {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return list.toString();
    }

    @Override
    public long size() {
        try (Stream<String> lines = Files.lines(list, StandardCharsets.UTF_8)) {
            return lines.filter(line -> !line.isBlank()).count();
        } catch (IOException | java.io.UncheckedIOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public void forEach(Visitor visitor) {
        try (BufferedReader lines = Files.newBufferedReader(list, StandardCharsets.UTF_8)) {
            long number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    read(line, number, visitor);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private UserException unreadable(Exception e) {
        return new UserException(list + " cannot be read as UTF-8 lines: " + e.getMessage(), e);
    }

    private void read(String line, long number, Visitor visitor) {
        ListedPicture picture;
        Path file;
        try {
            JsonNode node = JSON.readTree(line);
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
