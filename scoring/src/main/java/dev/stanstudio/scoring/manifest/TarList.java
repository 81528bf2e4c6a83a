package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.datasets.UserException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A webdataset tar: members of one name belong together, a picture with its {@code .json} (keys as
 * in a manifest) or {@code .txt} (the prompt). Read once, front to back.
 */
record TarList(Path tar, PictureList.Defaults defaults) implements PictureList {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_TEXT = 1 << 20;
    private static final int BLOCK = 512;

    @Override
    public String name() {
        return tar.toString();
    }

    @Override
    public long size() {
        return -1;
    }

    @Override
    public boolean isLasting() {
        return false;
    }

    @Override
    public void forEach(Visitor visitor) {
        Group group = new Group(visitor);
        try (TarArchiveInputStream in =
                new TarArchiveInputStream(
                        new BufferedInputStream(Files.newInputStream(tar)), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry();
                    entry != null;
                    entry = in.getNextEntry()) {
                if (entry.isFile()) {
                    group.add(entry.getName(), in);
                }
            }
            group.flush();
            requireEnd();
        } catch (IOException e) {
            String what = "is damaged or no tar: " + e.getMessage();
            if (group.isEmpty()) {
                throw new UserException(tar + " " + what, e);
            }
            // What came before the damage counts.
            group.flush();
            visitor.onProblem(new Problem(Problem.Kind.BAD_LINE, tar.toString(), what));
        } finally {
            group.close();
        }
    }

    /** The library takes any end of the file for the end of the archive. */
    private void requireEnd() throws IOException {
        long size = Files.size(tar);
        byte[] last;
        try (InputStream in = Files.newInputStream(tar)) {
            in.skipNBytes(Math.max(0, size - BLOCK));
            last = in.readNBytes(BLOCK);
        }
        if (!Arrays.equals(last, new byte[BLOCK])) {
            throw new IOException("the mark of its end is missing");
        }
    }

    /** The members of one name that were read so far. */
    private final class Group {
        private final Visitor visitor;
        private final Path file;
        private String stem = "";
        private @Nullable String member;
        private JsonNode said = JSON.createObjectNode();
        private long members;

        Group(Visitor visitor) {
            this.visitor = visitor;
            try {
                file = Files.createTempFile("studio-score", ".picture");
            } catch (IOException e) {
                throw new UserException("no temporary file can be made: " + e.getMessage(), e);
            }
        }

        void add(String name, TarArchiveInputStream in) throws IOException {
            int slash = name.lastIndexOf('/');
            int dot = name.indexOf('.', slash + 1);
            String own = dot < 0 ? name : name.substring(0, dot);
            members++;
            if (!own.equals(stem)) {
                flush();
                stem = own;
            }
            if (FolderList.isPicture(name.substring(slash + 1))) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                member = name;
            } else if (name.endsWith(".json")) {
                read(name, in);
            } else if (name.endsWith(".txt") && said instanceof ObjectNode object) {
                object.put(
                        "prompt",
                        new String(in.readNBytes(MOST_TEXT), StandardCharsets.UTF_8).strip());
            }
        }

        private void read(String name, TarArchiveInputStream in) throws IOException {
            try {
                JsonNode node = JSON.readTree(in.readNBytes(MOST_TEXT));
                said = node.isObject() ? node : said;
            } catch (JsonProcessingException e) {
                visitor.onProblem(
                        new Problem(
                                Problem.Kind.BAD_LINE,
                                name,
                                "is no JSON: " + e.getOriginalMessage()));
            }
        }

        void flush() {
            if (member != null) {
                try {
                    visitor.onPicture(ListedJson.read(said, member, defaults), file);
                } catch (IllegalArgumentException e) {
                    visitor.onProblem(
                            new Problem(
                                    Problem.Kind.BAD_LINE, member, String.valueOf(e.getMessage())));
                }
            }
            member = null;
            said = JSON.createObjectNode();
        }

        boolean isEmpty() {
            return members == 0;
        }

        void close() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // A temporary file that stays behind is no reason to lose the scores.
            }
        }
    }
}
