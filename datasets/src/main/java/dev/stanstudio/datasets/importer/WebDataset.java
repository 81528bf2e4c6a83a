package dev.stanstudio.datasets.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.base.source.LabelJson;
import dev.stanstudio.base.source.Sample;
import dev.stanstudio.base.source.SampleName;
import dev.stanstudio.datasets.collection.Labels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shards of webdataset and img2dataset: a tar in which neighbours with the same name up to the
 * first dot are one sample, {@code 0001.jpg}, {@code 0001.txt} (caption) and {@code 0001.json}
 * (labels); see {@link Sample}.
 */
final class WebDataset implements Layout {

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
        for (Member picture : Layouts.pictures(tree)) {
            SampleName name = SampleName.of(picture.path());
            if (name != null) {
                pictures.add(name.key());
            }
        }
        return tree.members().stream()
                .filter(member -> !member.isPicture())
                .map(member -> SampleName.of(member.path()))
                .anyMatch(name -> name != null && labels(name) && pictures.contains(name.key()));
    }

    private static boolean labels(SampleName name) {
        String field = name.field();
        return Sample.isField(field.substring(field.lastIndexOf('.') + 1)) || field.equals("cls");
    }

    @Override
    public void read(SourceTree tree, ItemSink sink) throws IOException {
        Reading reading = new Reading(tree, sink);
        List<SampleName> group = new ArrayList<>();
        for (Member member : tree.members()) {
            SampleName name = SampleName.of(member.path());
            if (name == null) {
                reading.reject(member, "has no ending, so it belongs to no sample");
                continue;
            }
            if (!group.isEmpty() && !group.get(0).key().equals(name.key())) {
                reading.group(group);
                group.clear();
            }
            group.add(name);
        }
        reading.group(group);
        reading.unclear.tell(sink);
    }

    private static final class Reading {
        private final SourceTree tree;
        private final ItemSink sink;
        private final UnclearLabels unclear = new UnclearLabels();
        private final Map<String, Member> members = new HashMap<>();

        Reading(SourceTree tree, ItemSink sink) {
            this.tree = tree;
            this.sink = sink;
            tree.members().forEach(member -> members.put(member.path(), member));
        }

        private Member member(String path) {
            Member member = members.get(path);
            if (member == null) {
                throw new IllegalArgumentException("no member " + path);
            }
            return member;
        }

        void group(List<SampleName> group) throws IOException {
            for (Sample sample : Sample.of(group, path -> member(path).isPicture())) {
                sample(sample);
            }
        }

        private void sample(Sample sample) throws IOException {
            if (sample.picture() == null) {
                for (String path : sample.paths()) {
                    reject(member(path), "its sample has no picture");
                }
                return;
            }
            sink.accept(tree, member(sample.picture()), () -> labels(sample));
            // Second captions and what the picture was rejected for belong to it.
            sample.captions().forEach(path -> tree.use(member(path)));
            for (String path : sample.further()) {
                sink.reject(
                        tree,
                        member(path),
                        "is a further picture of its sample, of which "
                                + sample.picture()
                                + " is taken");
            }
        }

        /** Read-me files and the like are settled with what is left over. */
        void reject(Member member, String reason) {
            if (!Leftovers.isAside(member)) {
                sink.reject(tree, member, reason);
            }
        }

        private Labels labels(Sample sample) {
            Labels labels = Labels.NONE;
            if (sample.json() != null) {
                labels = json(member(sample.json()));
            }
            for (String caption : sample.captions()) {
                String text = tree.text(member(caption)).strip();
                if (!text.isEmpty()) {
                    labels = labels.withCaption(text);
                    break;
                }
            }
            @Nullable String style = sample.style();
            return style == null ? labels : labels.withStyles(List.of(tree.text(member(style))));
        }

        private Labels json(Member member) {
            try {
                return unclear.labels(tree.locator(member), LabelJson.read(tree.text(member)));
            } catch (JsonProcessingException e) {
                throw new UserException("its .json is not JSON: " + Json.problem(e), e);
            }
        }
    }
}
