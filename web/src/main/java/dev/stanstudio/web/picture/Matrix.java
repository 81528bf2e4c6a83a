package dev.stanstudio.web.picture;

import java.time.Instant;

/**
 * Records a matrix as it was asked for.
 *
 * @param owner the visitor who asked
 */
public record Matrix(String id, String owner, MatrixRequest request, Instant createdAt) {}
