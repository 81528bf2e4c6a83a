package dev.stanstudio.scoring.report;

import dev.stanstudio.base.UserException;
import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.ResampleFilter;
import dev.stanstudio.base.image.Resampler;
import dev.stanstudio.scoring.manifest.ListedPicture;
import dev.stanstudio.scoring.manifest.PictureList;
import dev.stanstudio.scoring.manifest.Problem;
import dev.stanstudio.scoring.score.BestAndWorst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Small copies of the pictures that a page shows, fetched in one more walk through the lists. */
final class Thumbnails {
    private static final int SIDE = 112;

    private final Map<String, String> uris = new HashMap<>();

    private static String key(String input, String file) {
        return input + "\n" + file;
    }

    static Thumbnails of(BestAndWorst extremes, List<PictureList> lists) {
        Set<String> wanted = new HashSet<>();
        for (String style : extremes.styles()) {
            extremes.best(style).forEach(s -> wanted.add(key(s)));
            extremes.worst(style).forEach(s -> wanted.add(key(s)));
        }
        Thumbnails thumbnails = new Thumbnails();
        for (PictureList list : lists) {
            list.forEach(
                    new PictureList.Visitor() {
                        @Override
                        public void onPicture(ListedPicture picture, @Nullable Path file) {
                            String key = key(list.name(), picture.file());
                            if (file != null && wanted.remove(key)) {
                                thumbnails.uris.put(key, uri(file));
                            }
                        }

                        @Override
                        public void onProblem(Problem problem) {}
                    });
        }
        return thumbnails;
    }

    private static String key(BestAndWorst.Shown shown) {
        return key(shown.input(), shown.picture().listed().file());
    }

    /** The picture itself; empty if it is gone. */
    String uri(BestAndWorst.Shown shown) {
        return uris.getOrDefault(key(shown), "");
    }

    private static String uri(Path file) {
        try {
            Picture picture = Picture.read(file).toRgb();
            double scale = Math.min(1, (double) SIDE / Math.max(picture.width(), picture.height()));
            int width = Math.max(1, (int) Math.round(picture.width() * scale));
            int height = Math.max(1, (int) Math.round(picture.height() * scale));
            Picture small = Resampler.of(ResampleFilter.LANCZOS).resize(picture, width, height);
            Path png = Files.createTempFile("studio-thumbnail", ".png");
            try {
                small.writePng(png);
                String text = Base64.getEncoder().encodeToString(Files.readAllBytes(png));
                return "data:image/png;base64," + text;
            } finally {
                Files.deleteIfExists(png);
            }
        } catch (IOException | UserException e) {
            // A page without one picture is still a page.
            return "";
        }
    }
}
