package dev.stanstudio.adapter.analysis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.stanstudio.adapter.project.AdapterSource;
import dev.stanstudio.adapter.project.Form;
import dev.stanstudio.adapter.project.LoadedAdapters;
import dev.stanstudio.adapter.project.ProjectionPart;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.UserException;
import dev.stanstudio.sd3.mmdit.MmditSlot;
import dev.stanstudio.sd3.model.Sd3Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of an adapter's features over the pictures of several styles (STAN paper, appendix F
 * and figures 3, 4 and 32).
 *
 * @param adapter its name
 * @param sha256 of its tensors
 * @param model the base model's name
 * @param unit what a sample is
 * @param activation what counts as activation, in words
 * @param sigmas the noise levels
 * @param styles the styles
 * @param pictures how many of each
 * @param layers every layer that was read
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FeatureAnalysis(
        String adapter,
        String sha256,
        String model,
        String unit,
        String activation,
        List<Double> sigmas,
        List<String> styles,
        List<Integer> pictures,
        List<LayerStatistics> layers) {
    /** Pictures listed for each feature. */
    static final int TOP = 6;

    /** The stream whose tokens are parts of the picture. */
    static final String IMAGE = "image";

    /** In how many pictures a feature is at least active to count as specific. */
    private static final int FEWEST = 3;

    /** Slots whose products see the text's tokens, and those that see one vector. */
    private static final int FIRST_TEXT_SLOT = 4;

    private static final int FIRST_DUAL_SLOT = 8;
    private static final int FIRST_MODULATION_SLOT = 10;

    /**
     * Settings of an analysis.
     *
     * @param unit what a sample is
     * @param sigmas noise levels, each 0 … 1
     * @param styles names of the styles
     * @param magnitude whether |A x| times the length of the direction counts instead of what is
     *     above 0; null for low-rank adapters only
     */
    public record Settings(
            SampleUnit unit,
            List<Double> sigmas,
            List<String> styles,
            @Nullable Boolean magnitude) {
        /** Refuses levels outside of 0 … 1; keeps copies. */
        public Settings {
            sigmas = List.copyOf(sigmas);
            styles = List.copyOf(styles);
            if (sigmas.isEmpty() || sigmas.stream().anyMatch(s -> !(s >= 0 && s <= 1))) {
                throw new UserException("noise levels must be 0 … 1, not " + sigmas);
            }
        }

        boolean isMagnitude(AdapterSource source, List<String> layers) {
            return magnitude == null ? isLowRank(source, layers) : magnitude;
        }
    }

    /** The file that an analysis is written to. */
    public static final String FILE = "analysis.json";

    /** Keeps copies of the lists. */
    public FeatureAnalysis {
        sigmas = List.copyOf(sigmas);
        styles = List.copyOf(styles);
        pictures = List.copyOf(pictures);
        layers = List.copyOf(layers);
    }

    /**
     * The analysis written into {@code folder}.
     *
     * @throws UserException if there is none or it is damaged
     */
    public static FeatureAnalysis read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Json.PLAIN.readValue(file.toFile(), FeatureAnalysis.class);
        } catch (IOException e) {
            throw new UserException(
                    "cannot read %s; make it with 'studio adapter analyze --out %s'"
                            .formatted(file, folder),
                    e);
        }
    }

    /**
     * Returns whether an adapter's features are directions of a low-rank change, where nothing is
     * selected.
     *
     * @throws UserException if it has neither
     */
    static boolean isLowRank(AdapterSource source, List<String> layers) {
        Form form = source.part(layers.get(0)).form();
        if (form != Form.LOW_RANK && !form.isStan()) {
            throw new UserException(
                    source.name() + " has no features; STAN and the low-rank kinds have");
        }
        return form == Form.LOW_RANK;
    }

    /** A probe of {@code adapter} on {@code model}; close it. */
    static FeatureReader probe(
            Sd3Model model,
            LoadedAdapters.Weighted adapter,
            List<String> layers,
            Settings settings) {
        return new FeatureReader(
                model.transformer(),
                model.vae(),
                adapter,
                layers,
                settings.sigmas(),
                settings.isMagnitude(adapter.source(), layers));
    }

    /**
     * Reads the features of every picture.
     *
     * @param examples the pictures' latents and captions, in the same order
     * @param progress receives the number of finished pictures
     * @throws CancellationException if the thread is interrupted
     */
    static FeatureAnalysis of(
            FeatureReader probe,
            AdapterSource source,
            String model,
            Settings settings,
            List<ReadPicture> pictures,
            ReadExamples examples,
            IntConsumer progress) {
        int styles = settings.styles().size();
        Map<String, FeatureTotals> totals = new LinkedHashMap<>();
        for (String layer : probe.layers()) {
            int features = Math.toIntExact(source.part(layer).features());
            totals.put(layer, new FeatureTotals(features, styles, TOP, settings.unit()));
        }
        Integer[] counts = new Integer[styles];
        Arrays.fill(counts, 0);
        for (int i = 0; i < pictures.size(); i++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while reading features");
            }
            ReadPicture picture = pictures.get(i);
            int number = i;
            probe.show(
                    examples.get(i),
                    picture.number(),
                    (local, layer, recorded) ->
                            Objects.requireNonNull(totals.get(layer))
                                    .add(
                                            number,
                                            picture.style(),
                                            probe.totals(local, layer, recorded),
                                            probe.levels(),
                                            FeatureReader.tokens(recorded)));
            counts[picture.style()]++;
            progress.accept(i + 1);
        }
        List<LayerStatistics> layers = new ArrayList<>();
        totals.forEach((layer, sums) -> layers.add(layer(probe, source, layer, sums)));
        boolean magnitude = settings.isMagnitude(source, List.copyOf(probe.layers()));
        return new FeatureAnalysis(
                source.name(),
                source.sha256(),
                model,
                settings.unit().label(),
                magnitude ? "size times the length of the direction" : "kept and above 0",
                settings.sigmas(),
                settings.styles(),
                List.of(counts),
                layers);
    }

    private static LayerStatistics layer(
            FeatureReader probe, AdapterSource source, String layer, FeatureTotals sums) {
        ProjectionPart part = source.part(layer);
        return LayerStatistics.of(
                layer,
                stream(layer),
                sums.samples(),
                part.topk().active(),
                sums.statistics(probe.nearest(layer)));
    }

    /** Returns the source of the tokens of {@code layer}: image, text or conditioning. */
    static String stream(String layer) {
        MmditSlot slot = MmditSlot.of(layer).orElseThrow();
        if (slot.block() == MmditSlot.OUTSIDE) {
            return slot.slot() == 0 ? "text" : slot.slot() == 6 ? IMAGE : "conditioning";
        }
        if (slot.slot() >= FIRST_MODULATION_SLOT) {
            return "conditioning";
        }
        return slot.slot() >= FIRST_TEXT_SLOT && slot.slot() < FIRST_DUAL_SLOT ? "text" : IMAGE;
    }

    /** A feature of a layer. */
    public record Specific(LayerStatistics layer, FeatureStatistics feature) {
        double entropy() {
            Double entropy = feature.entropy();
            return entropy == null ? Double.POSITIVE_INFINITY : entropy;
        }
    }

    /**
     * The features that belong most to one style, the styles in turn so that none fills the list:
     * lowest entropy first, among features of image tokens that are active in at least half as many
     * pictures as a style has, so that a feature seen once does not win.
     */
    public List<Specific> mostSpecific(int count) {
        int each = pictures.stream().mapToInt(Integer::intValue).min().orElse(0);
        int enough = Math.max(FEWEST, each / 2);
        List<List<Specific>> byStyle = new ArrayList<>();
        styles.forEach(style -> byStyle.add(new ArrayList<>()));
        for (LayerStatistics layer : layers) {
            if (layer.stream().equals(IMAGE)) {
                for (FeatureStatistics feature : layer.features()) {
                    if (feature.entropy() != null && feature.pictures() >= enough) {
                        byStyle.get(feature.mainStyle()).add(new Specific(layer, feature));
                    }
                }
            }
        }
        byStyle.forEach(own -> own.sort(Comparator.comparingDouble(Specific::entropy)));
        List<Specific> chosen = new ArrayList<>();
        for (int rank = 0; chosen.size() < count; rank++) {
            List<Specific> round = new ArrayList<>();
            for (List<Specific> own : byStyle) {
                if (rank < own.size()) {
                    round.add(own.get(rank));
                }
            }
            if (round.isEmpty()) {
                break;
            }
            round.sort(Comparator.comparingDouble(Specific::entropy));
            chosen.addAll(round.subList(0, Math.min(round.size(), count - chosen.size())));
        }
        return chosen;
    }
}
