import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads all pictures of a folder by two builds of the program in turn, in one Java machine, and
 * prints the time of a picture: median, least and most over the rounds.
 *
 * <pre>java -cp LIBRARIES docs/bench/PairedReading.java OLD/classes NEW/classes FOLDER ROUNDS</pre>
 */
class PairedReading {
    private final Method read;

    private PairedReading(String classes) throws ReflectiveOperationException, IOException {
        URL[] place = {new File(classes).toURI().toURL()};
        ClassLoader loader = new URLClassLoader(place, PairedReading.class.getClassLoader());
        read = loader.loadClass("dev.stanstudio.base.image.Picture").getMethod("read", Path.class);
    }

    private double millis(List<Path> files) throws ReflectiveOperationException {
        long start = System.nanoTime();
        for (Path file : files) {
            read.invoke(null, file);
        }
        return (System.nanoTime() - start) / 1e6 / files.size();
    }

    public static void main(String[] args) throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(Path.of(args[2]))) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        PairedReading[] builds = {new PairedReading(args[0]), new PairedReading(args[1])};
        int rounds = Integer.parseInt(args[3]);
        double[][] times = new double[2][rounds];
        for (int round = -2; round < rounds; round++) {
            for (int turn = 0; turn < 2; turn++) {
                int build = (turn + round & 1);
                double time = builds[build].millis(files);
                if (round >= 0) {
                    times[build][round] = time;
                }
            }
        }
        double[] ratios = new double[rounds];
        Arrays.setAll(ratios, i -> times[1][i] / times[0][i]);
        print("first", times[0], "ms");
        print("second", times[1], "ms");
        print("second / first", ratios, "");
    }

    private static void print(String name, double[] values, String unit) {
        Arrays.sort(values);
        System.out.printf(
                "%s: %.2f %s (%.2f - %.2f)%n",
                name, values[values.length / 2], unit, values[0], values[values.length - 1]);
    }
}
