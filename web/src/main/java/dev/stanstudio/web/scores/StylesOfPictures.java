package dev.stanstudio.web.scores;

import dev.stanstudio.base.StyleNames;
import dev.stanstudio.synth.paint.ArtStyle;
import dev.stanstudio.web.picture.GalleryFilter;
import dev.stanstudio.web.picture.GalleryTable;
import dev.stanstudio.web.picture.PictureTable;
import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.StudioContext;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the styles of pictures with those of the built-in collection. */
record StylesOfPictures(StudioContext studio, GalleryTable gallery) {
    private static final Set<String> BUILT_IN =
            ArtStyle.taught().stream()
                    .map(style -> StyleNames.canonical(style.words()))
                    .collect(Collectors.toUnmodifiableSet());

    /**
     * Returns whether pictures have a style, and each style is one of the built-in collection's.
     *
     * @param chosen ids of pictures; none for all of the gallery
     */
    boolean areBuiltIn(List<String> chosen) {
        Set<String> styles =
                styles(chosen).stream()
                        .filter(style -> !style.isEmpty())
                        .map(StyleNames::canonical)
                        .collect(Collectors.toSet());
        return !styles.isEmpty() && BUILT_IN.containsAll(styles);
    }

    private Collection<String> styles(List<String> chosen) {
        if (chosen.isEmpty()) {
            return gallery.styles(GalleryFilter.ALL).keySet();
        }
        PictureTable table = new PictureTable(studio.database(), studio.clock());
        return table.find(chosen.stream().distinct().toList()).stream()
                .map(StoredPicture::subject)
                .map(StoredPicture.Subject::style)
                .toList();
    }
}
