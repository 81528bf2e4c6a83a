package dev.stanstudio.adapter.file;

import dev.stanstudio.adapter.kind.TargetModules;
import dev.stanstudio.adapter.project.AdapterReport;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.BlockWeights;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import dev.stanstudio.sd3.pipeline.WeightedAdapter;
import dev.stanstudio.sd3.text.TextAdapters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Loads adapters of every kind and format for generations. The last few sets of adapters with their
 * weights stay loaded for further requests; a set whose files have changed is read again.
 */
public final class PipelineAdapters implements AdapterLoader {
    /**
     * Number of sets that stay loaded: no adapter, LoRA and STAN of a comparison and one more; each
     * can be large.
     */
    static final int KEPT = 4;

    /** Identity of a set. */
    private record Key(Sd3Model model, List<Part> parts, List<FeatureChange> features) {}

    private record Part(FileStamp stamp, double weight, BlockWeights blocks) {}

    /** A set, closed when it is neither kept nor used. Guarded by the loader. */
    private static final class Entry {
        final LoadedAdapters active;
        final List<String> hashes;
        final List<String> settings;
        final List<List<String>> notApplied;
        final List<String> warnings;
        int users;
        boolean kept = true;

        Entry(
                LoadedAdapters active,
                List<String> hashes,
                List<String> settings,
                List<List<String>> notApplied,
                List<String> warnings) {
            this.active = active;
            this.hashes = List.copyOf(hashes);
            this.settings = List.copyOf(settings);
            this.notApplied = List.copyOf(notApplied);
            this.warnings = List.copyOf(warnings);
        }

        void closeIfIdle() {
            if (!kept && users == 0) {
                active.close();
            }
        }
    }

    /** The least recently used first. */
    private final Map<Key, Entry> entries = new LinkedHashMap<>(KEPT, 0.75f, true);

    @Override
    public synchronized Loaded load(
            Sd3Model model,
            List<WeightedAdapter> uses,
            List<FeatureChange> features,
            Consumer<String> warnings) {
        // Stamped before it is read: a change in between is then seen by the next request.
        Key key =
                new Key(
                        model,
                        uses.stream()
                                .map(
                                        use ->
                                                new Part(
                                                        FileStamp.of(use.toPath()),
                                                        use.weight(),
                                                        use.blocks()))
                                .toList(),
                        List.copyOf(features));
        Entry entry = entries.get(key);
        if (entry == null) {
            entry = read(model, uses, features);
            entries.put(key, entry);
            evict(KEPT);
        }
        entry.users++;
        entry.warnings.forEach(warnings);
        return new Ready(entry, known(uses, entry, warnings));
    }

    private static List<WeightedAdapter> known(
            List<WeightedAdapter> uses, Entry entry, Consumer<String> warnings) {
        List<WeightedAdapter> known = new ArrayList<>();
        for (int i = 0; i < uses.size(); i++) {
            WeightedAdapter use = uses.get(i);
            WeightedAdapter now =
                    new WeightedAdapter(
                            use.path(),
                            entry.hashes.get(i),
                            entry.settings.get(i),
                            use.weight(),
                            entry.notApplied.get(i),
                            use.blocks());
            if (use.isReplacedBy(now)) {
                warnings.accept(
                        use.path()
                                + " has changed since the picture was made; it will not be the"
                                + " same");
            }
            known.add(now);
        }
        return List.copyOf(known);
    }

    private static Entry read(
            Sd3Model model, List<WeightedAdapter> uses, List<FeatureChange> features) {
        MmditConfig config = model.transformer().config();
        Map<String, long[]> modules = TargetModules.of(model.source(), model.prompts().hasT5());
        ModelWeights base = ModelWeights.of(model.source());
        List<AdapterFile> files = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<String> hashes = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        List<List<String>> left = new ArrayList<>();
        try {
            List<LoadedAdapters.Weighted> weighted = new ArrayList<>();
            for (WeightedAdapter use : uses) {
                AdapterFile file = AdapterFile.open(use.toPath());
                files.add(file);
                AdapterReport report = file.match(modules, model.fingerprint(), model.extended());
                warnings.addAll(report.warnings());
                left.add(report.notApplied());
                weighted.add(
                        new LoadedAdapters.Weighted(
                                file.on(base), use.weight(), report.matched(), use.blocks()));
                hashes.add(file.sha256());
                settings.add(file.settingsSha256());
            }
            LoadedAdapters active =
                    LoadedAdapters.load(
                            weighted,
                            features,
                            config.numLayers(),
                            model.transformer().placement());
            return new Entry(active, hashes, settings, left, warnings);
        } finally {
            // What the transformer takes is a copy, or a view that keeps the map alive.
            files.forEach(AdapterFile::close);
        }
    }

    private void evict(int kept) {
        var oldest = entries.values().iterator();
        while (entries.size() > kept) {
            Entry entry = oldest.next();
            oldest.remove();
            entry.kept = false;
            entry.closeIfIdle();
        }
    }

    private synchronized void release(Entry entry) {
        entry.users--;
        entry.closeIfIdle();
    }

    @Override
    public synchronized void close() {
        evict(0);
    }

    private final class Ready implements Loaded {
        private final Entry entry;
        private final List<WeightedAdapter> uses;
        private boolean closed;

        Ready(Entry entry, List<WeightedAdapter> uses) {
            this.entry = entry;
            this.uses = uses;
        }

        @Override
        public Adapters adapters(int step) {
            return entry.active.adapters(step);
        }

        @Override
        public TextAdapters text() {
            return entry.active.text();
        }

        @Override
        public List<WeightedAdapter> uses() {
            return uses;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release(entry);
            }
        }
    }
}
