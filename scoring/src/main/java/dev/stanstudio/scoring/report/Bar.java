package dev.stanstudio.scoring.report;

/**
 * A method's value on its scale, as text and as places on a drawing.
 *
 * @param method the method in words
 * @param value with its interval, such as {@code 0.412 [0.398, 0.427]}
 * @param pictures how many are behind it, in words
 * @param place the position between floor and ceiling, such as {@code 62 %}; empty without them
 * @param from where the interval begins, in percent of the width
 * @param at where the value lies
 * @param to where the interval ends
 */
public record Bar(
        String method,
        String value,
        String pictures,
        String place,
        String from,
        String at,
        String to) {
    /** Returns the drawing in words. */
    public String words() {
        String scaled = place.isEmpty() ? "" : ", " + place + " of the way from floor to ceiling";
        return method + ": " + value + scaled + ", " + pictures;
    }
}
