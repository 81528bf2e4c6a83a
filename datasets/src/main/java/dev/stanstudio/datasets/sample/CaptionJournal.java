package dev.stanstudio.datasets.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers of a captioner, kept one by one in a file, so that a process that dies loses none. The
 * first line names the command. For one thread.
 */
final class CaptionJournal implements AutoCloseable {
    private static final String COMMAND = "command";

    private record Known(String stamp, String caption) {}

    private final Path file;
    private final FileChannel channel;
    private final Map<String, Known> answers = new LinkedHashMap<>();
    private long doubtful;

    private CaptionJournal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the answers in {@code file}, or begins them.
     *
     * @throws UserException if they are of another command, or the file cannot be written
     */
    static CaptionJournal open(Path file, String command) {
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            CaptionJournal journal = new CaptionJournal(file, channel);
            try {
                journal.load(command);
                return journal;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritten(file, e);
        }
    }

    private static UserException unwritten(Path file, IOException e) {
        return new UserException(
                "cannot keep captions in %s: %s".formatted(file, AtomicFile.reason(e)), e);
    }

    private void load(String command) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        // A process that was killed may have left half a line.
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        List<String> lines = new String(bytes, 0, end, StandardCharsets.UTF_8).lines().toList();
        // A command that never answered leaves nothing to go on with.
        boolean begun = lines.size() > 1;
        channel.truncate(begun ? end : 0);
        channel.position(begun ? end : 0);
        if (!begun) {
            append(JsonNodeFactory.instance.objectNode().put(COMMAND, command));
            return;
        }
        String earlier = read(lines.get(0)).path(COMMAND).asText();
        if (!earlier.equals(command)) {
            throw new UserException(
                    ("%s holds the unfinished captions of --command \"%s\"; give that command to go"
                                    + " on, or delete the file")
                            .formatted(file, earlier));
        }
        for (String line : lines.subList(1, lines.size())) {
            JsonNode node = read(line);
            Known known = new Known(node.path("stamp").asText(), node.path("caption").asText());
            answers.put(node.path("file_name").asText(), known);
        }
    }

    private JsonNode read(String line) {
        try {
            return Json.PLAIN.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UserException(
                    "%s is damaged (%s); delete it to begin again".formatted(file, Json.problem(e)),
                    e);
        }
    }

    /** Returns the caption of a picture that has not changed since; null if it is not there. */
    @Nullable String caption(CaptionTask task) {
        Known known = answers.get(task.name());
        return known != null && known.stamp().equals(task.stamp()) ? known.caption() : null;
    }

    /** Keeps a caption. */
    void add(CaptionTask task, String caption) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("file_name", task.name()).put("stamp", task.stamp()).put("caption", caption);
        try {
            append(line);
        } catch (IOException e) {
            throw unwritten(file, e);
        }
        answers.put(task.name(), new Known(task.stamp(), caption));
    }

    private void append(ObjectNode line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Marks what follows as doubtful until the next mark. */
    void mark() {
        try {
            doubtful = channel.position();
        } catch (IOException e) {
            throw unwritten(file, e);
        }
    }

    /** Forgets what came after the last mark. */
    void forget() {
        try {
            channel.truncate(doubtful);
        } catch (IOException e) {
            throw unwritten(file, e);
        }
    }

    /** Deletes the answers, which are written elsewhere now. */
    void delete() {
        close();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unwritten(file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Every line was handed to the system when it was written.
        }
    }
}
