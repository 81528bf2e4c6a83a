package dev.stanstudio.adapter.analysis;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import dev.stanstudio.base.AtomicFile;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Something drawn once for PNG and SVG. */
interface Figure {
    /** Pixels of the PNG for one unit of the drawing. */
    int SCALE = 2;

    int width();

    int height();

    /** Draws into 0 … width × 0 … height. */
    void paint(Graphics2D graphics);

    /** Writes {@code name.png} and {@code name.svg}. */
    default void write(Path folder, String name) {
        BufferedImage image =
                new BufferedImage(SCALE * width(), SCALE * height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(SCALE, SCALE);
        paint(graphics);
        graphics.dispose();
        AtomicFile.write(folder.resolve(name + ".png"), out -> ImageIO.write(image, "png", out));

        VectorGraphics2D vector = new VectorGraphics2D();
        paint(vector);
        Document document =
                new SVGProcessor()
                        .getDocument(vector.getCommands(), new PageSize(0, 0, width(), height()));
        AtomicFile.write(folder.resolve(name + ".svg"), document::writeTo);
    }
}
