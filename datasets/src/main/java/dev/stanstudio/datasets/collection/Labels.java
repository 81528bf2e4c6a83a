package dev.stanstudio.datasets.collection;

import dev.stanstudio.base.StyleNames;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Labels that a source gives a picture. Style names get their canonical form ({@link
 * StyleNames#canonical}) and doubles are dropped; blank texts count as absent.
 *
 * @param styles the styles, the most specific or first met in front; may be empty
 * @param content what the picture shows, without its style
 * @param caption the whole training caption, when the source has one
 * @param artist who made it
 * @param genre portrait, landscape and the like
 * @param licence the terms the source states
 * @param split the part it belongs to: train, validation or test
 */
public record Labels(
        List<String> styles,
        @Nullable String content,
        @Nullable String caption,
        @Nullable String artist,
        @Nullable String genre,
        @Nullable String licence,
        @Nullable String split) {
    /** Nothing known. */
    public static final Labels NONE = new Labels(List.of(), null, null, null, null, null, null);

    /** Cleans the texts. */
    public Labels {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        for (String style : styles) {
            String name = StyleNames.canonical(style);
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        styles = List.copyOf(names);
        content = clean(content);
        caption = clean(caption);
        artist = clean(artist);
        genre = clean(genre);
        licence = clean(licence);
        split = clean(split);
    }

    private static @Nullable String clean(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.isEmpty() ? null : clean;
    }

    /** These labels, and where they say nothing, what {@code others} say. */
    public Labels orElse(Labels others) {
        return new Labels(
                styles.isEmpty() ? others.styles : styles,
                content == null ? others.content : content,
                caption == null ? others.caption : caption,
                artist == null ? others.artist : artist,
                genre == null ? others.genre : genre,
                licence == null ? others.licence : licence,
                split == null ? others.split : split);
    }

    /** These labels with other styles. */
    public Labels withStyles(List<String> newStyles) {
        return new Labels(newStyles, content, caption, artist, genre, licence, split);
    }

    /** These labels with another content. */
    public Labels withContent(@Nullable String newContent) {
        return new Labels(styles, newContent, caption, artist, genre, licence, split);
    }

    /** These labels with another caption. */
    public Labels withCaption(@Nullable String newCaption) {
        return new Labels(styles, content, newCaption, artist, genre, licence, split);
    }

    /** These labels with another artist. */
    public Labels withArtist(@Nullable String newArtist) {
        return new Labels(styles, content, caption, newArtist, genre, licence, split);
    }

    /** These labels with another genre. */
    public Labels withGenre(@Nullable String newGenre) {
        return new Labels(styles, content, caption, artist, newGenre, licence, split);
    }

    /** These labels with another licence. */
    public Labels withLicence(@Nullable String newLicence) {
        return new Labels(styles, content, caption, artist, genre, newLicence, split);
    }

    /** These labels with another split. */
    public Labels withSplit(@Nullable String newSplit) {
        return new Labels(styles, content, caption, artist, genre, licence, newSplit);
    }

    /**
     * The caption to train on: the source's own, else content and first style in the words of
     * {@code studio generate --style}.
     */
    public String text() {
        if (caption != null) {
            return caption;
        }
        String what = content == null ? "a picture" : content;
        return styles.isEmpty() ? what : what + ", in the style of " + styles.get(0);
    }
}
