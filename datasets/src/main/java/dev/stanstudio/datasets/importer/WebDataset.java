package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shards of webdataset and img2dataset: a tar in which neighbours with the same name up to the
 * first dot are one sample, {@code 0001.jpg}, {@code 0001.txt} (caption) and {@code 0001.json}
 * (labels).
 */
final class WebDataset implements Layout {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "webdataset";
    }

    @Override
    public boolean recognises(SourceTree tree) {
        if (!tree.isArchive()) {
            return false;
        }
        Set<String> pictures = new HashSet<>();
        Layouts.pictures(tree).forEach(picture -> pictures.add(key(picture)));
        return tree.members().stream()
                .anyMatch(
                        member ->
                                Set.of("txt", "json", "cls").contains(field(member))
                                        && pictures.contains(key(member)));
    }

    private static int firstDot(Member member) {
        int dot = member.name().indexOf('.');
        return dot < 0 ? member.name().length() : dot;
    }

    private static String key(Member member) {
        return member.sibling(member.name().substring(0, firstDot(member)));
    }

    /** The name from the first dot on: {@code style.txt} of {@code 0001.style.txt}. */
    private static String field(Member member) {
        String name = member.name();
        return name.substring(Math.min(name.length(), firstDot(member) + 1));
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        List<Member> sample = new ArrayList<>();
        for (Member member : tree.members()) {
            if (!sample.isEmpty() && !key(sample.get(0)).equals(key(member))) {
                sample(tree, sample, sink);
                sample.clear();
            }
            sample.add(member);
        }
        if (!sample.isEmpty()) {
            sample(tree, sample, sink);
        }
    }

    private static void sample(SourceTree tree, List<Member> sample, ItemSink sink)
            throws IOException {
        Member picture = sample.stream().filter(Member::isPicture).findFirst().orElse(null);
        if (picture == null) {
            sink.reject(new Problem(tree.locator(sample.get(0)), "its sample has no picture"));
            return;
        }
        Labels labels;
        try {
            labels = labels(tree, sample);
        } catch (JsonProcessingException e) {
            sink.reject(
                    new Problem(
                            tree.locator(picture),
                            "its .json is not JSON: " + e.getOriginalMessage()));
            return;
        }
        sink.accept(tree, picture, labels);
    }

    private static Labels labels(SourceTree tree, List<Member> sample)
            throws JsonProcessingException {
        Labels labels = Labels.NONE;
        String json = field(tree, sample, "json");
        if (json != null) {
            labels = RowLabels.of(JSON.readTree(json));
        }
        String caption = field(tree, sample, "txt");
        if (caption != null && !caption.isBlank()) {
            labels = labels.withCaption(caption);
        }
        String style = field(tree, sample, "style.txt");
        return style == null ? labels : labels.withStyles(List.of(style));
    }

    private static @Nullable String field(SourceTree tree, List<Member> sample, String name) {
        for (Member member : sample) {
            if (field(member).equals(name)) {
                return tree.text(member);
            }
        }
        return null;
    }
}
