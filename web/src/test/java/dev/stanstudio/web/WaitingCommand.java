package dev.stanstudio.web;

import dev.stanstudio.base.command.ExitCodes;
import dev.stanstudio.base.command.StudioCommand;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/**
 * Installed for tests as a module would install it: says that it runs, then waits to be
 * interrupted.
 */
@Command(name = "wait", description = "Wait for Ctrl-C.")
public final class WaitingCommand implements StudioCommand {
    static final String READY = "ready";

    @Override
    public Integer call() throws InterruptedException {
        System.out.println(READY);
        new CountDownLatch(1).await();
        return ExitCodes.DONE;
    }
}
