package dev.stanstudio.scoring.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A master and workers of one core each, every one a process of its own, on this machine. */
final class StandaloneCluster implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final long PATIENCE_SECONDS = 30;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final int port;

    StandaloneCluster(Path folder, int workers) throws IOException {
        this.folder = folder;
        // Where a cluster's own Spark would lie; executors get ours from the application.
        Files.createDirectories(folder.resolve("home").resolve("jars"));
        port = freePort();
        String ports = Integer.toString(port);
        start("master", "org.apache.spark.deploy.master.Master", "--port", ports);
        for (int i = 0; i < workers; i++) {
            String name = "worker" + i;
            String work = folder.resolve(name).toString();
            start(
                    name,
                    "org.apache.spark.deploy.worker.Worker",
                    "--cores",
                    "1",
                    "--memory",
                    "2g",
                    "--work-dir",
                    work,
                    url());
        }
    }

    String url() {
        return "spark://" + HOST + ":" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start(String name, String type, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), type));
        command.addAll(List.of("--host", HOST, "--webui-port", "0"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(
                        Map.of(
                                "SPARK_HOME",
                                folder.resolve("home").toString(),
                                "SPARK_SCALA_VERSION",
                                "2.13",
                                "SPARK_LOCAL_IP",
                                HOST,
                                "SPARK_LOCAL_DIRS",
                                folder.resolve("local").toString()));
        builder.redirectErrorStream(true).redirectOutput(folder.resolve(name + ".log").toFile());
        processes.add(builder.start());
    }

    @Override
    public void close() throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
