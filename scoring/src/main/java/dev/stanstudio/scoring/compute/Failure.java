package dev.stanstudio.scoring.compute;

import dev.stanstudio.scoring.manifest.Problem;
import java.io.Serializable;

/**
 * Why a picture is in no number.
 *
 * @param kind what sort of problem it is
 * @param message in one line
 */
public record Failure(Problem.Kind kind, String message) implements Serializable {}
