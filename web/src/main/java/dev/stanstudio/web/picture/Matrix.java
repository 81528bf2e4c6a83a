package dev.stanstudio.web.picture;

/**
 * A matrix as it was asked for.
 *
 * @param createdAt milliseconds since 1970
 */
public record Matrix(String id, String owner, MatrixRequest order, long createdAt) {}
