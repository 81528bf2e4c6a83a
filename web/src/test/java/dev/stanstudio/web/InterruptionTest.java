package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.stanstudio.base.UserException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InterruptionTest {
    /** Bit of SIGINT (signal 2) in the masks of Linux's process status. */
    private static final long SIGINT_BIT = 1L << 1;

    @Test
    void theCommandIsInterruptedAndItsOwnFailureKeptQuiet() throws Exception {
        CompletableFuture<Interruption> started = new CompletableFuture<>();
        CompletableFuture<Run> ended = new CompletableFuture<>();
        Thread worker = new Thread(() -> ended.complete(runUntilInterrupted(started)));
        worker.start();
        Interruption interruption = started.get();
        StringWriter told = new StringWriter();
        interruption.request(new PrintWriter(told));
        assertEquals(new Run(130, "", ""), ended.get());
        assertEquals("studio: interrupted\n", told.toString());
    }

    private static Run runUntilInterrupted(CompletableFuture<Interruption> started) {
        Interruption interruption = new Interruption(Thread.currentThread());
        FakeCommand command =
                new FakeCommand(
                        () -> {
                            started.complete(interruption);
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                throw new UserException("half a picture", e);
                            }
                            return 0;
                        });
        Run run = Run.of(interruption, List.of(command), "fake");
        interruption.finished();
        return run;
    }

    @Test
    void theEndOfTheProcessAfterTheCommandIsNoInterruption() {
        Interruption interruption = new Interruption(Thread.currentThread());
        StringWriter told = new StringWriter();
        interruption.finished();
        interruption.request(new PrintWriter(told));
        assertAll(
                () -> assertEquals("", told.toString()),
                () -> assertFalse(interruption.requested()),
                () -> assertFalse(Thread.interrupted()));
    }

    @Test
    void ctrlCEndsTheProcessWith130() throws Exception {
        assumeFalse(
                sigintIsIgnored(),
                "skipped: this process was started with SIGINT ignored, and so would its child be");
        Process process = startWaiting();
        send("-INT", process);
        assertEnds(130, process);
    }

    @Test
    void aPoliteKillEndsTheProcessWith143() throws Exception {
        Process process = startWaiting();
        send("-TERM", process);
        assertEnds(143, process);
    }

    @Test
    void theProcessEndsWithTheCodeOfTheRun() throws Exception {
        Process process = start("wait", "--nonsense");
        assertEquals(2, process.waitFor());
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(err.startsWith("studio: Unknown option: '--nonsense'"), err);
    }

    private static void send(String signal, Process process) throws Exception {
        String pid = Long.toString(process.pid());
        assertEquals(0, new ProcessBuilder("kill", signal, pid).start().waitFor());
    }

    private static void assertEnds(int code, Process process) throws Exception {
        assertEquals(code, process.waitFor());
        assertEquals(
                "studio: interrupted\n",
                new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    private static Process startWaiting() throws IOException {
        Process process = start("wait");
        // Not closed: the child would see its output pipe close.
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertEquals(WaitingCommand.READY, out.readLine());
        return process;
    }

    private static Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), Studio.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).start();
    }

    private static boolean sigintIsIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(
                        line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT_BIT)
                                        != 0);
    }
}
