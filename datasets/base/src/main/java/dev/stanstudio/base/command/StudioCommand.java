package dev.stanstudio.base.command;

import java.util.concurrent.Callable;

/**
 * A command of {@code studio}: a public class with a public no-argument constructor that carries
 * picocli's {@code @Command(name, description)}. A module adds one by naming its class in {@code
 * META-INF/services/dev.stanstudio.base.command.StudioCommand}; the program finds it there and
 * lists it by name, below its {@link #parent()} if it names one.
 *
 * <p>{@link #call()} returns one of {@link ExitCodes}. It throws {@link
 * dev.stanstudio.base.ArgumentException} for an argument that cannot work and {@link
 * dev.stanstudio.base.UserException} for any other failure that the user can fix; the program turns
 * either into one line on standard error. {@code --help}, {@code --version} and {@code --verbose}
 * are inherited from the program and must not be declared again.
 *
 * <p>Ctrl-C interrupts the calling thread and leaves the command {@link #GRACE_MILLIS} to remove
 * half-written files. Long work asks {@link Thread#isInterrupted()} between steps and throws {@link
 * java.util.concurrent.CancellationException}.
 *
 * <p>Commands are constructed at every start of the program, also for {@code --help}: constructors
 * must do nothing.
 */
public interface StudioCommand extends Callable<Integer> {
    /** Milliseconds between Ctrl-C and the end of the process. */
    long GRACE_MILLIS = 20_000;

    /**
     * Returns the name of the command above this one, or the names from {@code studio} down,
     * separated by blanks; another module may define it. Empty for a command of {@code studio}
     * itself.
     */
    default String parent() {
        return "";
    }
}
