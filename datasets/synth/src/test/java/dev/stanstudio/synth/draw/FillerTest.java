package dev.stanstudio.synth.draw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FillerTest {
    private static final int SIZE = 40;

    private static double area(Contour contour) {
        double[] sum = new double[1];
        new Filler(SIZE).fill(contour, (i, x, y, share) -> sum[0] += share);
        return sum[0] / (SIZE * SIZE);
    }

    @Test
    void coversTheAreaOfPolygons() {
        assertEquals(0.25, area(Shapes.rect(0.25, 0.25, 0.75, 0.75)), 1e-4);
        assertEquals(0.013 * 0.5, area(Shapes.rect(0.201, 0.2, 0.214, 0.7)), 2e-4);
        assertEquals(0.125, area(Shapes.polygon(0.2, 0.8, 0.7, 0.8, 0.45, 0.3)), 1e-3);
    }

    @Test
    void coversTheAreaOfAnEllipse() {
        double drawn = area(Shapes.ellipse(0.5, 0.5, 0.4, 0.3));
        System.out.println("ellipse: " + drawn + " for " + Math.PI * 0.12);
        assertEquals(Math.PI * 0.12, drawn, 5e-3);
    }

    @Test
    void countsOverlapsOnce() {
        Contour a = Shapes.rect(0.1, 0.1, 0.6, 0.6);
        Contour turned = Shapes.polygon(0.1, 0.1, 0.1, 0.6, 0.6, 0.6, 0.6, 0.1);
        assertEquals(0.25, area(Contour.union(List.of(a, turned))), 1e-4);
    }

    @Test
    void clipsWhatLiesOutside() {
        assertEquals(1, area(Shapes.rect(-3, -2, 5, 4)), 1e-6);
        assertEquals(0.25, area(Shapes.rect(-0.5, -0.5, 0.5, 0.5)), 1e-4);
        assertEquals(0, area(Shapes.rect(1.2, 0, 1.5, 1)), 1e-9);
    }

    @Test
    void leavesNothingBehindForTheNextContour() {
        Filler filler = new Filler(SIZE);
        filler.fill(Shapes.ellipse(0.5, 0.5, 0.45, 0.45), (i, x, y, share) -> {});
        double[] sum = new double[1];
        filler.fill(Shapes.rect(0, 0, 0.5, 0.5), (i, x, y, share) -> sum[0] += share);
        assertEquals(0.25 * SIZE * SIZE, sum[0], 1e-2);
    }
}
