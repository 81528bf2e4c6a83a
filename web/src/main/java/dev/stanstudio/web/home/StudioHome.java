package dev.stanstudio.web.home;

import dev.stanstudio.base.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that holds the studio's database and files: {@code STUDIO_HOME}, by default {@code
 * ~/.local/share/stan-studio}.
 */
public record StudioHome(Path folder) {
    /** The environment variable that names the folder. */
    public static final String VARIABLE = "STUDIO_HOME";

    private static final Logger LOG = LoggerFactory.getLogger("studio");
    private static final String DATABASE = "studio.db";

    /** Makes {@code folder} absolute. */
    public StudioHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /**
     * Returns the folder that the environment names, created if it is missing.
     *
     * @throws UserException when it cannot be made
     */
    public static StudioHome ofEnvironment() {
        return of(System.getenv());
    }

    static StudioHome of(Map<String, String> environment) {
        String named = environment.getOrDefault(VARIABLE, "");
        Path folder =
                named.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local/share/stan-studio")
                        : Path.of(named);
        StudioHome home = new StudioHome(folder);
        home.subfolder(".");
        if (OwnerOnly.tighten(home.folder)) {
            LOG.warn(
                    "{} could be read by other accounts of this machine; it is yours alone now",
                    home.folder);
        }
        return home;
    }

    /** Returns the SQLite file of a studio without another database. */
    public Path databaseFile() {
        return folder.resolve(DATABASE);
    }

    /**
     * Returns a folder below this one, created if it is missing.
     *
     * @throws UserException when it cannot be made
     */
    public Path subfolder(String name) {
        Path wanted = folder.resolve(name).normalize();
        try {
            return OwnerOnly.createFolders(wanted, folder);
        } catch (IOException e) {
            throw new UserException(
                    "cannot make the folder %s; set %s to one that can be written"
                            .formatted(wanted, VARIABLE),
                    e);
        }
    }
}
