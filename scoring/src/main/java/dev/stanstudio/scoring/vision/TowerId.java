package dev.stanstudio.scoring.vision;

import java.nio.file.Path;

/**
 * Identifies the network that computed a feature vector.
 *
 * @param name of the model: that of its folder
 * @param network architecture and every number that changes its results, in words that never change
 * @param fingerprint of the weights, 64 hexadecimal digits
 * @param precision the type it computed in, such as fp32
 */
public record TowerId(String name, String network, String fingerprint, String precision) {
    /** Returns the message about numbers that are not finite. */
    public String notFinite() {
        return ("%s gives features that are no finite numbers in %s; use fp32, or fetch"
                        + " the weights again")
                .formatted(name, precision);
    }

    /** Returns the name of the model in {@code folder}: the folder's own. */
    public static String nameOf(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }
}
