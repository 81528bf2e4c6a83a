package dev.stanstudio.adapter.training;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.Sha256;
import dev.stanstudio.datasets.collection.StyleItem;
import dev.stanstudio.engine.Scope;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Trains on pairs of pictures that people preferred one of. All pairs of a prompt are trained on or
 * held out together.
 */
final class PreferenceData implements TrainingData {
    /** Share of the prompts that is held out where nothing else is asked for. */
    static final double SHARE = 0.1;

    /**
     * Settings of a training on votes.
     *
     * @param votes the file
     * @param share of the prompts that is held out
     */
    record Settings(
            DataOptions options,
            PictureFraming framing,
            PreferenceObjective objective,
            PreferenceRule rule,
            Path votes,
            double share) {}

    /** Pairs with their pictures, the two of place i at 2i and 2i + 1. */
    private record Part(List<StyleItem> items, List<PairExamples.Places> pairs) {
        static Part of(List<PreferenceRule.Pair> pairs, PreferencePictures pictures) {
            Map<PreferenceRule.Pair, Integer> places = new LinkedHashMap<>();
            List<StyleItem> items = new ArrayList<>();
            List<PairExamples.Places> order = new ArrayList<>();
            for (PreferenceRule.Pair pair : pairs) {
                Integer turned = places.get(pair.turned());
                if (turned != null) {
                    order.add(new PairExamples.Places(turned + 1, turned));
                    continue;
                }
                Integer known = places.get(pair);
                if (known == null) {
                    known = items.size();
                    places.put(pair, known);
                    items.addAll(pictures.items(pair));
                }
                order.add(new PairExamples.Places(known, known + 1));
            }
            return new Part(items, order);
        }

        String identity() {
            return Sha256.of(
                    pairs.stream()
                            .map(
                                    pair ->
                                            items.get(pair.preferred()).sha256()
                                                    + items.get(pair.other()).sha256()
                                                    + items.get(pair.other()).text())
                            .collect(Collectors.joining("\n")));
        }
    }

    private final Settings settings;
    private final PreferencePictures pictures;
    private final Part train;
    private final Part heldOut;

    private PreferenceData(
            Settings settings, PreferencePictures pictures, Part train, Part heldOut) {
        this.settings = settings;
        this.pictures = pictures;
        this.train = train;
        this.heldOut = heldOut;
    }

    /**
     * Finds the pictures of the chosen pairs.
     *
     * @throws dev.stanstudio.base.UserException if one is missing or does not fit
     */
    static PreferenceData of(
            Settings settings, PreferenceRule.Chosen chosen, PreferencePictures pictures) {
        pictures.requirePresent(chosen.pairs());
        Set<String> held = heldOut(chosen.pairs(), settings.share());
        Map<Boolean, List<PreferenceRule.Pair>> parts =
                chosen.pairs().stream()
                        .collect(Collectors.partitioningBy(pair -> held.contains(pair.prompt())));
        return new PreferenceData(
                settings,
                pictures,
                Part.of(parts.getOrDefault(false, List.of()), pictures),
                Part.of(parts.getOrDefault(true, List.of()), pictures));
    }

    /** Prompts with the smallest hashes are a random choice that is always the same. */
    private static Set<String> heldOut(List<PreferenceRule.Pair> pairs, double share) {
        List<String> prompts = pairs.stream().map(PreferenceRule.Pair::prompt).distinct().toList();
        return prompts.stream()
                .sorted(Comparator.comparing(Sha256::of))
                .limit((long) Math.floor(share * prompts.size()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Returns how many pairs are trained on and why others are not, for people. */
    String told(int lines, PreferenceRule.Chosen chosen) {
        return "%d lines of votes on %d pairs: %d to train on, %d held out; %d ties %s, %d with too small a lead"
                .formatted(
                        lines,
                        chosen.compared(),
                        train.items().size() / 2,
                        heldOut.items().size() / 2,
                        chosen.tied(),
                        settings.rule().ties() ? "in both directions" : "dropped",
                        chosen.weak());
    }

    @Override
    public String identity() {
        return "pairs %s %s by %s %s%s"
                .formatted(
                        train.identity(),
                        heldOut.identity(),
                        settings.rule().described(),
                        settings.framing(),
                        settings.options().encoding.identity());
    }

    /** Refuses choices for the loss on single pictures, which a training on votes lacks. */
    static void requirePlain(FlowObjective plain) {
        if (plain.weighting() != FlowObjective.Weighting.NONE) {
            throw new ArgumentException(
                    "--weighting does not go with --preferences, whose losses weigh all noise"
                            + " levels alike");
        }
        if (!plain.penalty().equals(Penalty.SQUARE)) {
            throw new ArgumentException(
                    "--loss does not go with --preferences, whose losses are of squares");
        }
    }

    @Override
    public Objective objective(FlowObjective plain) {
        requirePlain(plain);
        return settings.objective();
    }

    private Part shown() {
        return heldOut.items().isEmpty() ? train : heldOut;
    }

    @Override
    public int each() {
        return 2;
    }

    @Override
    public List<String> captions() {
        return shown().items().stream().map(StyleItem::text).distinct().toList();
    }

    @Override
    public Encoded encode(Encoders encoders, PrintWriter err) {
        DataOptions.Encoded encoded =
                settings.options()
                        .encode(
                                pictures::file,
                                new DataOptions.Split(train.items(), heldOut.items()),
                                settings.framing(),
                                encoders,
                                err);
        Examples captions = heldOut.items().isEmpty() ? encoded.train() : encoded.heldOut();
        return new Encoded(
                new Examples.Split(
                        new PairExamples(encoded.train(), train.pairs()),
                        new PairExamples(encoded.heldOut(), heldOut.pairs())),
                Some.ofEachCaption(captions, shown().items()));
    }

    /** Some of the pictures. */
    private record Some(Examples pictures, List<Integer> places) implements Examples {
        /** One picture of each caption. */
        static Some ofEachCaption(Examples pictures, List<StyleItem> items) {
            Map<String, Integer> first = new LinkedHashMap<>();
            for (int i = 0; i < items.size(); i++) {
                first.putIfAbsent(items.get(i).text(), i);
            }
            return new Some(pictures, List.copyOf(first.values()));
        }

        @Override
        public int count() {
            return places.size();
        }

        @Override
        public Example open(Scope scope, int index, boolean flipped, boolean captioned) {
            return pictures.open(scope, places.get(index), flipped, captioned);
        }
    }

    @Override
    public Map<String, String> notes() {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("preferences", settings.votes().toString());
        notes.put("preferences_sha256", Sha256.ofFile(settings.votes()));
        notes.put("pairs", String.valueOf(train.items().size() / 2));
        notes.put("pairs_held_out", String.valueOf(heldOut.items().size() / 2));
        notes.put("votes", settings.rule().described());
        notes.put("framing", settings.framing().described());
        return notes;
    }
}
