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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Statistics of an adapter's features over the pictures of several styles (STAN paper, appendix F
 * and figures 3, 4 and 32).
 *
 * @param adapter its name
 * @param sha256 of its tensors
 * @param model the base model's name
 * @param unit what a sample is
 * @param activation what counts as activation, in words
 * @param read the way in which pictures were seen, a label of {@link ReadWay}; older files lack it
 *     and were read of pictures with noise added
 * @param sigmas the noise levels, one for each pass of the network
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
        String read,
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
     * @param magnitude whether |A x| times the length of the direction counts instead of what is
     *     kept and above 0, which is the paper's definition for every kind of adapter
     */
    record Settings(SampleUnit unit, boolean magnitude) {}

    /** The file that an analysis is written to. */
    public static final String FILE = "analysis.json";

    /** Keeps copies of the lists. */
    public FeatureAnalysis {
        read = Objects.requireNonNullElse(read, ReadWay.NOISED_PICTURES.label());
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
        boolean all =
                layers.stream()
                        .map(layer -> source.part(layer).form())
                        .allMatch(one -> one == Form.LOW_RANK || one.isStan());
        if (!all) {
            throw new UserException(
                    source.name() + " has no features; STAN and the low-rank kinds have");
        }
        return form == Form.LOW_RANK;
    }

    /** A reader of {@code adapter} on {@code model}; close it. */
    static FeatureReader reader(
            Sd3Model model,
            LoadedAdapters.Weighted adapter,
            List<String> layers,
            Settings settings) {
        return new FeatureReader(model.transformer(), adapter, layers, settings.magnitude());
    }

    /** Computes the statistics of what was counted. */
    static FeatureAnalysis of(
            FeatureReader reader,
            AdapterSource source,
            Sd3Model model,
            Settings settings,
            PictureSource pictures,
            FeatureCounts counts) {
        List<LayerStatistics> layers = new ArrayList<>();
        counts.totals().forEach((layer, sums) -> layers.add(layer(reader, source, layer, sums)));
        PictureChoice choice = pictures.choice();
        return new FeatureAnalysis(
                source.name(),
                source.sha256(),
                model.name(),
                settings.unit().label(),
                settings.magnitude()
                        ? "size times the length of the direction"
                        : "kept and above 0",
                pictures.way().label(),
                pictures.sigmas(model),
                choice.styles(),
                FeatureCounts.perStyle(choice.pictures(), choice.styles().size()),
                layers);
    }

    private static LayerStatistics layer(
            FeatureReader reader, AdapterSource source, String layer, FeatureTotals sums) {
        ProjectionPart part = source.part(layer);
        return LayerStatistics.of(
                layer,
                stream(layer),
                sums.samples(),
                part.topk().active(),
                sums.statistics(reader.nearest(layer)));
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

    /** Returns in how many pictures a feature is active at least to be compared with others. */
    int enoughPictures() {
        int each = pictures.stream().mapToInt(Integer::intValue).min().orElse(0);
        return Math.max(FEWEST, each / 2);
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
        int enough = enoughPictures();
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
