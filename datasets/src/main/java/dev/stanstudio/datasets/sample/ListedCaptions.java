package dev.stanstudio.datasets.sample;

import dev.stanstudio.datasets.collection.Labels;
import dev.stanstudio.datasets.collection.StyleCollection;
import dev.stanstudio.datasets.collection.StyleItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Captions in the list of a collection: its {@code content} and the {@code text} made of it. */
final class ListedCaptions implements CaptionTarget {
    private static final String JOURNAL = ".captions.jsonl.part";

    private final StyleCollection collection;
    private final @Nullable CaptionTemplate template;
    private final CaptionWording wording;

    ListedCaptions(
            StyleCollection collection,
            @Nullable CaptionTemplate template,
            CaptionWording wording) {
        this.collection = collection;
        this.template = template;
        this.wording = wording;
    }

    @Override
    public Work work(boolean overwrite) {
        List<CaptionTask> tasks = new ArrayList<>();
        long[] kept = {0};
        collection.forEach(
                item -> {
                    if (overwrite || !isCaptioned(item)) {
                        Path file = collection.file(item).toAbsolutePath();
                        tasks.add(new CaptionTask(item.fileName(), file, item.sha256()));
                    } else {
                        kept[0]++;
                    }
                });
        return new Work(tasks, kept[0]);
    }

    /** A text that follows from the style alone was written by nobody. */
    private static boolean isCaptioned(StyleItem item) {
        Labels labels = item.labels();
        return labels.content() != null || !item.text().equals(labels.withCaption(null).text());
    }

    @Override
    public void write(Map<String, String> captions) {
        collection.rewrite(
                item -> {
                    String caption = captions.get(item.fileName());
                    return caption == null ? item : captioned(item, caption);
                });
    }

    /** Returns {@code item} with the caption that its collection makes of {@code content}. */
    StyleItem captioned(StyleItem item, String content) {
        StyleItem described = item.withLabels(item.labels().withContent(content).withCaption(null));
        String text = template == null ? described.text() : template.fill(described);
        return described.withLabels(described.labels().withCaption(wording.around(text)));
    }

    @Override
    public Path journal() {
        return collection.folder().resolve(JOURNAL);
    }

    @Override
    public String place() {
        return collection.folder().resolve(StyleCollection.METADATA).toString();
    }
}
