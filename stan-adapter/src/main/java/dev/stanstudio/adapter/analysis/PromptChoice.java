package dev.stanstudio.adapter.analysis;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.StyleNames;
import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the prompts of pictures that are generated while features are recorded: equally many of
 * each style, with the same seeds in every style, so that styles start from the same noises.
 *
 * @param perStyle how many pictures of each style
 * @param seed of the first of each style; the next has one more
 * @param folder where the pictures go
 */
record PromptChoice(int perStyle, long seed, Path folder) {
    private static final String STYLE = "{style}";

    /** Refuses numbers that cannot work. */
    PromptChoice {
        if (perStyle < 1) {
            throw new ArgumentException("--per-style must be at least 1, not " + perStyle);
        }
        if (seed < 0) {
            throw new ArgumentException("--seed must be at least 0, not " + seed);
        }
        if (seed > Long.MAX_VALUE - perStyle + 1) {
            throw new ArgumentException(
                    "--seed %d leaves no seeds for %d pictures; give a smaller one"
                            .formatted(seed, perStyle));
        }
    }

    /** Returns the captions of pictures of a collection as prompts, in turn where they are few. */
    PictureChoice captions(PictureChoice collection) {
        List<ReadPicture> pictures = new ArrayList<>();
        for (int style = 0; style < collection.styles().size(); style++) {
            int own = style;
            List<String> prompts =
                    collection.pictures().stream()
                            .filter(picture -> picture.style() == own)
                            .map(ReadPicture::caption)
                            .toList();
            add(pictures, collection.styles().get(style), style, prompts);
        }
        return new PictureChoice(collection.styles(), pictures);
    }

    /**
     * Returns every line of a file with each style in the place of {@code {style}}, in turn where
     * they are few.
     *
     * @throws ArgumentException if there are less than two styles
     * @throws UserException if the file cannot be read, or a line has no place for the style
     */
    PictureChoice lines(Path file, @Nullable List<String> styles) {
        if (styles == null || styles.stream().distinct().count() < 2) {
            throw new ArgumentException(
                    "--prompts needs at least two styles; name them with --styles");
        }
        List<String> lines = read(file);
        List<String> names = styles.stream().map(StyleNames::canonical).distinct().toList();
        List<ReadPicture> pictures = new ArrayList<>();
        for (int style = 0; style < names.size(); style++) {
            String shown = StyleNames.shown(names.get(style));
            List<String> prompts = lines.stream().map(line -> line.replace(STYLE, shown)).toList();
            add(pictures, names.get(style), style, prompts);
        }
        return new PictureChoice(names, pictures);
    }

    private static List<String> read(Path file) {
        List<String> lines;
        try {
            lines =
                    Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList();
        } catch (IOException e) {
            throw new UserException("cannot read " + file + ": " + AtomicFile.reason(e), e);
        }
        if (lines.isEmpty()) {
            throw new UserException(file + " has no prompts; write one on each line");
        }
        for (String line : lines) {
            if (!line.contains(STYLE)) {
                throw new UserException(
                        "%s: '%s' has no {style}, the place where a style's name goes"
                                .formatted(file, line));
            }
        }
        return lines;
    }

    private void add(List<ReadPicture> to, String name, int style, List<String> prompts) {
        for (int i = 0; i < perStyle; i++) {
            String file = String.format(Locale.ROOT, "%02d-%s-%04d.png", style, fileName(name), i);
            to.add(
                    new ReadPicture(
                            folder.resolve(file),
                            prompts.get(i % prompts.size()),
                            style,
                            seed + i));
        }
    }

    /** Styles may be called anything; the number before the name keeps files apart. */
    private static String fileName(String style) {
        return StyleNames.key(style).replaceAll("[^\\p{IsAlphabetic}\\p{IsDigit}-]", "");
    }
}
