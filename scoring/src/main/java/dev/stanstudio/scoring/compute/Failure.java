package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.manifest.Problem;
import java.io.Serializable;

/**
 * States the reason why a picture is in no number.
 *
 * @param kind sort of the problem
 * @param message in one line
 */
public record Failure(Problem.Kind kind, String message) implements Serializable {}
