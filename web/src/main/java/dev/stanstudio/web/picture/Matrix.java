package dev.stanstudio.web.picture;

/**
 * Records a matrix as it was asked for.
 *
 * @param owner the visitor who asked
 * @param createdAt milliseconds since 1970
 */
public record Matrix(String id, String owner, MatrixRequest request, long createdAt) {}
