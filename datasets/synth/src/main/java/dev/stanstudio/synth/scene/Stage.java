package dev.stanstudio.synth.scene;

import dev.stanstudio.synth.draw.Contour;
import dev.stanstudio.synth.draw.Dice;
import dev.stanstudio.synth.draw.Rgb;
import dev.stanstudio.synth.draw.Shapes;
import java.util.ArrayList;
import java.util.List;

/** A scene in the making; shapes come in from back to front and are lit as the mood has it. */
final class Stage {
    private final Mood mood;
    private final Dice dice;
    private final List<Shape> shapes = new ArrayList<>();
    private final double lightX;
    private double focusX = 0.5;
    private double focusY = 0.55;
    private double horizon = 0.6;

    Stage(Mood mood, Dice dice) {
        this.mood = mood;
        this.dice = dice;
        this.lightX = dice.between(-0.8, -0.35);
    }

    Mood mood() {
        return mood;
    }

    Dice dice() {
        return dice;
    }

    double lightX() {
        return lightX;
    }

    void focus(double x, double y) {
        focusX = x;
        focusY = y;
    }

    double horizon() {
        return horizon;
    }

    void horizon(double y) {
        horizon = y;
    }

    /** Adds a shape as it is. */
    void raw(Shape shape) {
        shapes.add(shape);
    }

    /** Adds a shape in the light of the hour, at its distance. */
    void add(Shape shape) {
        shapes.add(shape.recoloured(c -> mood.lit(c, shape.distance())));
    }

    /** A flat shape. */
    void flat(Contour contour, Matter matter, Rgb colour, double distance) {
        add(Shape.of(contour, matter, colour).at(distance));
    }

    /** A shape modelled by light. */
    void formed(Contour contour, Matter matter, Rgb colour, Form form, double distance) {
        add(Shape.of(contour, matter, colour).with(form).at(distance));
    }

    /** A small mark on what was drawn before. */
    void mark(Contour contour, Rgb colour, double distance) {
        flat(contour, Matter.DETAIL, colour, distance);
    }

    /** A disc of light that fades outwards; not darkened by night. */
    void glow(double x, double y, double radius, Rgb colour, double strength) {
        Fill fill = Fill.out(colour, colour, x, y, radius, radius).opacity(strength, 0);
        raw(
                Shape.of(Shapes.ellipse(x, y, radius, radius), Matter.LIGHT, colour)
                        .with(fill)
                        .soft()
                        .at(0.5));
    }

    /** Adds a shape that shines by itself. */
    void shining(Contour contour, Rgb colour, double distance) {
        raw(Shape.of(contour, Matter.LIGHT, colour).at(distance));
    }

    /** The finished scene, turned left to right half of the time. */
    Scene finish() {
        Scene scene = new Scene(shapes, mood, focusX, focusY, horizon, lightX);
        return dice.chance(0.5) ? scene.mirrored() : scene;
    }
}
