package dev.stanstudio.adapter.generate;

import dev.stanstudio.adapter.AdapterReport;
import dev.stanstudio.adapter.TargetModules;
import dev.stanstudio.adapter.folder.AdapterFile;
import dev.stanstudio.adapter.project.ActiveAdapters;
import dev.stanstudio.sd3.mmdit.Adapters;
import dev.stanstudio.sd3.mmdit.MmditConfig;
import dev.stanstudio.sd3.model.Sd3Model;
import dev.stanstudio.sd3.pipeline.AdapterLoader;
import dev.stanstudio.sd3.pipeline.AdapterUse;
import dev.stanstudio.sd3.pipeline.FeatureChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Adapters of every kind and format for generations. */
public final class PipelineAdapters implements AdapterLoader {
    @Override
    public Loaded load(
            Sd3Model model,
            List<AdapterUse> uses,
            List<FeatureChange> features,
            Consumer<String> warnings) {
        MmditConfig config = model.transformer().config();
        List<AdapterFile> files = new ArrayList<>();
        try {
            List<ActiveAdapters.Weighted> weighted = new ArrayList<>();
            List<AdapterUse> known = new ArrayList<>();
            for (AdapterUse use : uses) {
                AdapterFile file = AdapterFile.open(use.toPath());
                files.add(file);
                AdapterReport report = file.match(TargetModules.of(config), model.fingerprint());
                warn(use, file, report, warnings);
                weighted.add(
                        new ActiveAdapters.Weighted(file.source(), use.weight(), report.matched()));
                known.add(new AdapterUse(use.path(), file.source().sha256(), use.weight()));
            }
            return new Ready(
                    ActiveAdapters.load(
                            weighted,
                            features,
                            config.numLayers(),
                            model.transformer().placement()),
                    List.copyOf(known));
        } finally {
            // What the transformer takes is a copy, or a view that keeps the map alive.
            files.forEach(AdapterFile::close);
        }
    }

    private static void warn(
            AdapterUse use, AdapterFile file, AdapterReport report, Consumer<String> warnings) {
        int left = report.total() - report.matched().size();
        if (left > 0) {
            warnings.accept(
                    use.path()
                            + ": "
                            + left
                            + " of "
                            + report.total()
                            + " modules do not fit the model and are left out ('studio adapter"
                            + " inspect --model' names them)");
        }
        if (use.sha256() != null && !use.sha256().equals(file.source().sha256())) {
            warnings.accept(
                    use.path()
                            + " has changed since the picture was made; it will not be the same");
        }
    }

    private record Ready(ActiveAdapters active, List<AdapterUse> uses) implements Loaded {
        @Override
        public Adapters adapters(int step) {
            return active.adapters(step);
        }

        @Override
        public void close() {
            active.close();
        }
    }
}
