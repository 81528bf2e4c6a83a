package dev.stanstudio.web.testing;

import dev.stanstudio.web.home.StudioHome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code studio serve} in a process of its own, which may be killed. */
public final class ServeProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Process process;
    private final String address;

    private ServeProcess(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it with {@code options} of {@code serve} and returns once it answers. */
    public static ServeProcess start(Path home, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve"));
        arguments.addAll(List.of(options));
        return start(home, "dev.stanstudio.web.Studio", arguments);
    }

    /** Starts a class whose first line of output names its address. */
    public static ServeProcess start(Path home, String main, List<String> arguments)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "-Djava.awt.headless=true",
                                "-Dai.djl.offline=true",
                                "-XX:+UseSerialGC"));
        String more = System.getProperty("studio.served.java", "");
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split(" ")));
        }
        command.add(main);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(StudioHome.VARIABLE, home.toString());
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        // It prints its address once it answers.
        BufferedReader out = process.inputReader();
        String said = out.readLine();
        while (said != null && !said.contains("http://")) {
            said = out.readLine(); // Java itself may have something to say.
        }
        if (said == null) {
            throw new IllegalStateException("the server ended before it answered");
        }
        return new ServeProcess(process, said.replaceFirst(".*(http://\\S+).*", "$1"));
    }

    /** Returns its address. */
    public String address() {
        return address;
    }

    /** Its process. */
    public long pid() {
        return process.pid();
    }

    /** Processor time so far. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        await(process.destroyForcibly());
    }

    /** Asks it to end, and waits. */
    @Override
    public void close() {
        process.destroy();
        await(process);
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the server does not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
