package dev.stanstudio.scoring.vision;

import java.nio.file.Path;

/**
 * Which network made a feature vector.
 *
 * @param name what people call the model: the name of its folder
 * @param network architecture and every number that changes its results, in words that never change
 * @param fingerprint of the weights, 64 hexadecimal digits
 * @param precision the type it computed in, such as fp32
 */
public record TowerId(String name, String network, String fingerprint, String precision) {
    /** What to say when it gives numbers that are not finite. */
    public String notFinite() {
        return name
                + " gives features that are no finite numbers in "
                + precision
                + "; use fp32, or fetch the weights again";
    }

    /** What people call the model in {@code folder}: the folder's own name. */
    public static String nameOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }
}
