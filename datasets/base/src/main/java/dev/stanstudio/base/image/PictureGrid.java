package dev.stanstudio.base.image;

import java.util.List;

/** Pictures of one size side by side in one picture. Thread-safe. */
public final class PictureGrid {
    private PictureGrid() {}

    /**
     * The RGB pictures in rows of {@code columns}, {@code gap} light pixels between them.
     *
     * @throws IllegalArgumentException if there is none, or their sizes differ
     */
    public static Picture of(List<Picture> pictures, int columns, int gap) {
        if (pictures.isEmpty() || columns < 1 || gap < 0) {
            throw new IllegalArgumentException(
                    "%s pictures in %s columns, gap %s".formatted(pictures.size(), columns, gap));
        }
        int cellWidth = pictures.get(0).width();
        int cellHeight = pictures.get(0).height();
        int used = Math.min(columns, pictures.size());
        int rows = (pictures.size() + columns - 1) / columns;
        int width = used * (cellWidth + gap) - gap;
        int height = rows * (cellHeight + gap) - gap;
        ImageSheet sheet = new ImageSheet(width, height);
        for (int i = 0; i < pictures.size(); i++) {
            requireSize(pictures.get(i), cellWidth, cellHeight);
            sheet.place(
                    pictures.get(i),
                    i % columns * (cellWidth + gap),
                    i / columns * (cellHeight + gap));
        }
        return sheet.picture();
    }

    private static void requireSize(Picture picture, int width, int height) {
        if (picture.width() != width || picture.height() != height) {
            throw new IllegalArgumentException(
                    "a picture of %s×%s among pictures of %s×%s"
                            .formatted(picture.width(), picture.height(), width, height));
        }
    }
}
