package dev.stanstudio.scoring.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.FileKinds;
import dev.stanstudio.base.source.LabelJson;
import dev.stanstudio.base.source.Sample;
import dev.stanstudio.base.source.SampleName;
import dev.stanstudio.base.source.TextEncoding;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects a tar's members of one key and reports the samples in them. For one thread. */
final class TarSamples implements AutoCloseable {
    private static final int MOST_TEXT = 1 << 20;
    private static final long MOST_PICTURE = 1L << 30;

    /** Files of one key; a tar with more is not one of samples. */
    private static final int MOST_MEMBERS = 10_000;

    private final PictureList.Visitor visitor;
    private final PictureList.Defaults defaults;
    private final List<SampleName> group = new ArrayList<>();
    private final Map<String, Path> pictures = new HashMap<>();
    private final Map<String, byte[]> texts = new HashMap<>();
    private long members;

    TarSamples(PictureList.Visitor visitor, PictureList.Defaults defaults) {
        this.visitor = visitor;
        this.defaults = defaults;
    }

    boolean isEmpty() {
        return members == 0;
    }

    /** Adds a member whose bytes come next in {@code in}. */
    void add(String path, InputStream in) throws IOException {
        members++;
        if (path.substring(path.lastIndexOf('/') + 1).startsWith(".")) {
            return;
        }
        SampleName name = SampleName.of(path);
        if (name == null) {
            bad(path, "has no ending, so it belongs to no sample");
            return;
        }
        if (!group.isEmpty() && !group.get(0).key().equals(name.key())) {
            flush();
        }
        if (group.size() == MOST_MEMBERS) {
            throw new IOException(
                    "more than %d files begin with %s".formatted(MOST_MEMBERS, name.key()));
        }
        if (pictures.containsKey(path) || texts.containsKey(path)) {
            bad(path, "a second member of this name");
            return;
        }
        group.add(name);
        byte[] head = in.readNBytes(FileKinds.HEAD);
        boolean sniffed = !FileKinds.isKnown(path) && FileKinds.looksLikePicture(head);
        if (sniffed || FileKinds.isPicture(path)) {
            pictures.put(path, spool(path, head, in));
        } else if (FileKinds.isLabel(path)) {
            texts.put(path, text(path, head, in));
        }
    }

    /** Names a member that is no file. */
    void refuse(String path, String what) {
        members++;
        bad(path, what);
    }

    private static Path spool(String path, byte[] head, InputStream in) throws IOException {
        Path file;
        try {
            file = Files.createTempFile("studio-score", ".picture");
        } catch (IOException e) {
            throw new UserException("no temporary file can be made: " + e.getMessage(), e);
        }
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(head);
            long size = head.length;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > MOST_PICTURE) {
                    throw new IOException(
                            "%s has more than %d bytes".formatted(path, MOST_PICTURE));
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return file;
    }

    private static byte[] text(String path, byte[] head, InputStream in) throws IOException {
        byte[] rest = in.readNBytes(MOST_TEXT);
        if (rest.length == MOST_TEXT) {
            throw new IOException("%s has more than %d bytes of text".formatted(path, MOST_TEXT));
        }
        byte[] text = new byte[head.length + rest.length];
        System.arraycopy(head, 0, text, 0, head.length);
        System.arraycopy(rest, 0, text, head.length, rest.length);
        return text;
    }

    /** Reports the samples of the members so far, and removes them. */
    void flush() {
        for (Sample sample : Sample.of(group, pictures::containsKey)) {
            report(sample);
        }
        close();
        group.clear();
        texts.clear();
    }

    private void report(Sample sample) {
        String picture = sample.picture();
        if (picture == null) {
            sample.paths().forEach(path -> bad(path, "its sample has no picture"));
            return;
        }
        sample.further().forEach(path -> bad(path, "is a further picture of its sample"));
        try {
            ListedPicture listed = new ManifestRecord(labels(sample)).picture(picture, defaults);
            visitor.onPicture(listed, pictures.get(picture));
        } catch (IllegalArgumentException e) {
            bad(picture, String.valueOf(e.getMessage()));
        }
    }

    /** Returns the labels of a sample; a text counts before the JSON. */
    private JsonNode labels(Sample sample) {
        ObjectNode labels = Json.PLAIN.createObjectNode();
        if (sample.json() != null) {
            labels.setAll(json(sample.json()));
        }
        for (String caption : sample.captions()) {
            String text = decoded(caption).strip();
            if (!text.isEmpty()) {
                return labels.put("prompt", text);
            }
        }
        return labels;
    }

    private ObjectNode json(String path) {
        try {
            JsonNode node = LabelJson.read(decoded(path));
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            bad(path, "is no JSON: " + Json.problem(e));
        }
        return Json.PLAIN.createObjectNode();
    }

    private String decoded(String path) {
        byte @Nullable [] bytes = texts.get(path);
        try {
            return bytes == null ? "" : TextEncoding.DETECT.decode(path, bytes);
        } catch (UserException e) {
            bad(path, String.valueOf(e.getMessage()));
            return "";
        }
    }

    private void bad(String where, String what) {
        visitor.onProblem(
                new Problem(Problem.Kind.BAD_LINE, where, what.lines().findFirst().orElse("")));
    }

    /** Removes the pictures' copies. */
    @Override
    public void close() {
        for (Path file : pictures.values()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // A temporary file that stays behind is no reason to lose the scores.
            }
        }
        pictures.clear();
    }
}
