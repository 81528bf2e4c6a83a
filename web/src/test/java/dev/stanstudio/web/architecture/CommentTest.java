package dev.stanstudio.web.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Checks that comments begin with what a thing is or does, not with a question word. */
class CommentTest {
    private static final Pattern QUESTION =
            Pattern.compile(
                    "/\\*\\*\\s*\\n"
                        + "?\\s*\\*?\\s*((?:What|Whether|How|Where|Who|Whose|Which|When|Why)\\b[^\\n"
                        + "]*)");

    @Test
    void noCommentBeginsWithAQuestionWord() throws IOException {
        List<Path> sources = sources();
        assertTrue(sources.size() > 1000, () -> "only " + sources.size() + " files were read");
        assertEquals(List.of(), sources.stream().flatMap(f -> questions(f).stream()).toList());
    }

    private static List<String> questions(Path file) {
        try {
            Matcher found = QUESTION.matcher(Files.readString(file));
            return found.results().map(match -> file + ": " + match.group(1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Java files of all modules; Maven runs tests in the module's folder. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(
                Path.of(".."),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) {
                        String name = String.valueOf(folder.getFileName());
                        boolean skipped = name.equals("target") || name.equals(".git");
                        return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java")) {
                            sources.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return sources;
    }
}
