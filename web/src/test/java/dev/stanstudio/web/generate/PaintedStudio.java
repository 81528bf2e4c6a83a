package dev.stanstudio.web.generate;

import dev.stanstudio.base.image.Picture;
import dev.stanstudio.base.image.PixelMode;
import dev.stanstudio.sd3.pipeline.SamplingOptions;
import dev.stanstudio.web.matrix.Method;
import dev.stanstudio.web.picture.Matrix;
import dev.stanstudio.web.picture.MatrixRequest;
import dev.stanstudio.web.picture.PictureFiles;
import dev.stanstudio.web.picture.StoredPicture;
import java.nio.file.Path;
import java.util.List;

/** A studio whose pictures are painted by the test, so that any number of them costs little. */
final class PaintedStudio implements AutoCloseable {
    final DrawingStudio studio;
    private long now = 1_000_000;

    PaintedStudio(Path folder) {
        this.studio = new DrawingStudio(folder, 0);
    }

    String address() {
        return studio.address();
    }

    MatrixRequest request(List<String> prompts, List<String> styles, List<Long> seeds, int side) {
        return new MatrixRequest(
                DrawingStudio.model(),
                prompts,
                styles,
                List.of(Method.NONE),
                seeds,
                "",
                side,
                side,
                SamplingOptions.of(studio.defaults()),
                null);
    }

    /** Adds a matrix of finished pictures, each a second younger than the one before. */
    List<StoredPicture> paint(List<String> prompts, List<String> styles, List<Long> seeds) {
        return paint(request(prompts, styles, seeds, 64), false);
    }

    List<StoredPicture> paint(MatrixRequest request, boolean trial) {
        Matrix matrix =
                trial
                        ? studio.pictures().addHidden("painter", request, studio.defaults(), null)
                        : studio.pictures().add("painter", request, studio.defaults());
        List<StoredPicture> pictures = studio.pictures().ofMatrix(matrix.id());
        for (StoredPicture picture : pictures) {
            PictureFiles files = new PictureFiles(studio.studio.home());
            painted(picture).writePng(files.png(picture.id()));
            finish(picture);
        }
        return pictures;
    }

    private void finish(StoredPicture picture) {
        now += 1_000;
        studio.studio
                .database()
                .jdbi()
                .useHandle(
                        h ->
                                h.createUpdate(
                                                """
                                                UPDATE picture
                                                SET state = 'done', finished_at = :now,
                                                    started_at = :now
                                                WHERE id = :id
                                                """)
                                        .bind("now", now)
                                        .bind("id", picture.id())
                                        .execute());
    }

    /** A slope with an edge at every side, so that one sees what is cut off. */
    private static Picture painted(StoredPicture picture) {
        int width = picture.width();
        int height = picture.height();
        byte[] samples = new byte[width * height * 3];
        int tone = Math.floorMod(picture.spoken().hashCode(), 200);
        for (int i = 0; i < samples.length; i++) {
            int x = i / 3 % width;
            int y = i / 3 / width;
            boolean edge = x < 3 || y < 3 || x >= width - 3 || y >= height - 3;
            samples[i] = (byte) (edge ? 255 : (x * 2 + y * (i % 3) + tone) % 200);
        }
        return Picture.of(width, height, PixelMode.RGB, samples);
    }

    @Override
    public void close() {
        studio.close();
    }
}
