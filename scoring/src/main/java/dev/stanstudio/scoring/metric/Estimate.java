package dev.stanstudio.scoring.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A number and how sure it is.
 *
 * @param value computed from all pictures
 * @param n how many pictures, or pairs, are behind it
 * @param low lower end of the 95 % interval; null where the data do not allow one
 * @param high upper end, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Estimate(double value, long n, @Nullable Double low, @Nullable Double high) {}
