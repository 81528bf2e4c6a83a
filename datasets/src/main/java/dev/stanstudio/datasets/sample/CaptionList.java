package dev.stanstudio.datasets.sample;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.datasets.collection.StyleCollection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Captions in a list of their own: a line with {@code file_name} and {@code text} for each. */
final class CaptionList implements CaptionTarget {
    private final CaptionTarget pictures;
    private final UnaryOperator<Map<String, String>> texts;
    private final Path file;

    private CaptionList(
            CaptionTarget pictures, UnaryOperator<Map<String, String>> texts, Path file) {
        this.pictures = pictures;
        this.texts = texts;
        this.file = file;
    }

    /**
     * A list of the pictures of {@code folder}.
     *
     * @param listed whether it is a collection
     * @throws ArgumentException if {@code file} is there and may not be replaced
     */
    static CaptionList of(
            Path folder,
            boolean listed,
            @Nullable CaptionTemplate template,
            CaptionWording wording,
            Path file,
            boolean overwrite) {
        if (Files.exists(file) && !overwrite) {
            throw new ArgumentException(file + " is there; --overwrite replaces it");
        }
        AtomicFile.requireWritable(file);
        if (!listed) {
            return new CaptionList(
                    new CaptionsBeside(folder, wording),
                    captions -> {
                        Map<String, String> all = new LinkedHashMap<>(captions);
                        all.replaceAll((name, caption) -> wording.around(caption));
                        return all;
                    },
                    file);
        }
        StyleCollection collection = StyleCollection.open(folder);
        ListedCaptions target = new ListedCaptions(collection, template, wording);
        return new CaptionList(target, captions -> all(collection, target, captions), file);
    }

    private static Map<String, String> all(
            StyleCollection collection, ListedCaptions target, Map<String, String> captions) {
        Map<String, String> all = new LinkedHashMap<>();
        collection.forEach(
                item -> {
                    String caption = captions.get(item.fileName());
                    if (caption != null) {
                        all.put(item.fileName(), target.captioned(item, caption).text());
                    }
                });
        return all;
    }

    @Override
    public Work work(boolean overwrite) {
        return pictures.work(true);
    }

    @Override
    public void write(Map<String, String> captions) {
        Map<String, String> all = texts.apply(captions);
        AtomicFile.write(
                file,
                out -> {
                    for (Map.Entry<String, String> entry : all.entrySet()) {
                        ObjectNode line = JsonNodeFactory.instance.objectNode();
                        line.put("file_name", entry.getKey()).put("text", entry.getValue());
                        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    }
                });
    }

    @Override
    public Path journal() {
        return file.resolveSibling("." + file.getFileName() + ".part");
    }

    @Override
    public String place() {
        return file.toString();
    }
}
