package dev.stanstudio.engine;

/**
 * A {@code .ts.py} resource, which alone or with others makes a {@link Program}.
 *
 * @param owner a class that the resource lies beside
 * @param name the resource's file name
 */
public record ProgramText(Class<?> owner, String name) {
    /** Distinguishes resources of one name in different packages. */
    String key() {
        return owner.getPackageName() + '/' + name;
    }

    /** Returns the place of the resource on the class path. */
    String path() {
        return owner.getPackageName().replace('.', '/') + '/' + name;
    }
}
