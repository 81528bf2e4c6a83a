package dev.stanstudio.base.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a webdataset tar and the files that belong to it.
 *
 * @param picture path of the picture; null where the members have none
 * @param captions paths of texts that caption it, best first
 * @param json path of the JSON that labels it
 * @param style path of the text that names its style
 * @param further paths of further pictures in the sample
 * @param unread paths of files that are neither pictures nor labels
 */
public record Sample(
        @Nullable String picture,
        List<String> captions,
        @Nullable String json,
        @Nullable String style,
        List<String> further,
        List<String> unread) {
    private static final List<String> CAPTIONS =
            List.of("txt", "caption", "text", "caption.txt", "prompt", "prompt.txt", "text.txt");

    private static final Set<String> TEXTS = Set.of("txt", "caption", "text", "json");

    private static final String JSON = "json";
    private static final String STYLE = "style.txt";

    /** Copies the lists. */
    public Sample {
        captions = List.copyOf(captions);
        further = List.copyOf(further);
        unread = List.copyOf(unread);
    }

    /**
     * The samples in members of one key. They are one sample, as in the webdataset library, unless
     * pictures with further dots have labels of their own: {@code mount.fuji.jpg} and {@code
     * mount.fuji.txt}, {@code mount.aso.jpg} and {@code mount.aso.txt} are two, which that library
     * mixes up.
     *
     * @param members of one key, in their order
     * @param isPicture recognises pictures by their paths
     */
    public static List<Sample> of(List<SampleName> members, Predicate<String> isPicture) {
        Map<String, List<SampleName>> own = new LinkedHashMap<>();
        for (SampleName member : members) {
            own.computeIfAbsent(member.prefix(), prefix -> new ArrayList<>()).add(member);
        }
        List<SampleName> shared = new ArrayList<>(members);
        List<Sample> samples = new ArrayList<>();
        for (Map.Entry<String, List<SampleName>> part : own.entrySet()) {
            if (!part.getKey().isEmpty() && isSample(part.getValue(), isPicture)) {
                samples.add(gather(part.getValue(), part.getKey() + ".", isPicture));
                shared.removeAll(part.getValue());
            }
        }
        if (!shared.isEmpty()) {
            samples.add(gather(shared, "", isPicture));
        }
        return samples;
    }

    private static boolean isSample(List<SampleName> members, Predicate<String> isPicture) {
        return members.stream().anyMatch(member -> isPicture.test(member.path()))
                && members.stream().anyMatch(member -> TEXTS.contains(member.ending()));
    }

    private static Sample gather(
            List<SampleName> members, String prefix, Predicate<String> isPicture) {
        Map<String, String> labels = new LinkedHashMap<>();
        List<String> pictures = new ArrayList<>();
        List<String> dotted = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (SampleName member : members) {
            String field = member.field().substring(prefix.length());
            if (isPicture.test(member.path())) {
                (field.contains(".") ? dotted : pictures).add(member.path());
            } else if (!isField(field) || labels.putIfAbsent(field, member.path()) != null) {
                unread.add(member.path());
            }
        }
        pictures.addAll(dotted);
        return new Sample(
                pictures.isEmpty() ? null : pictures.get(0),
                CAPTIONS.stream().filter(labels::containsKey).map(labels::get).toList(),
                labels.get(JSON),
                labels.get(STYLE),
                pictures.isEmpty() ? List.of() : pictures.subList(1, pictures.size()),
                unread);
    }

    /** The paths of all its files. */
    public List<String> paths() {
        List<String> paths = new ArrayList<>(captions);
        Stream.of(picture, json, style).filter(Objects::nonNull).forEach(paths::add);
        paths.addAll(further);
        paths.addAll(unread);
        return paths;
    }

    /** Returns whether a field of this name labels a picture. */
    public static boolean isField(String field) {
        return CAPTIONS.contains(field) || field.equals(JSON) || field.equals(STYLE);
    }
}
