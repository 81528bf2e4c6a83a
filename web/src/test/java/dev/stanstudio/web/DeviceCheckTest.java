package dev.stanstudio.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.web.testing.Python;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every method of every program is recorded, and runs again on a card that is not there. */
class DeviceCheckTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern TEXT = Pattern.compile("# (dev/\\S+\\.ts\\.py)");
    private static final Pattern METHOD = Pattern.compile("def (\\w+)\\(.*");
    private static final Pattern PLACE =
            Pattern.compile("^[A-Z]+(\\.png|/adapter)?$|(?<=[=+])[A-Z]\\.png");
    private static final Pattern CALL = Pattern.compile("self\\.(\\w+)\\(");

    /** Forms that only a CPU runs, see {@code Kernels}; nothing of them belongs on a card. */
    private static final Set<String> CPU_ONLY =
            Set.of(
                    "kernels-onednn.ts.py",
                    "bf16-tiles.ts.py",
                    "bf16-vectors.ts.py",
                    "products-widened.ts.py");

    @TempDir private static Path folder;
    private static Path calls;

    @BeforeAll
    static void recordSmallCalls() throws IOException, InterruptedException {
        String kept = System.getProperty("studio.keep.calls");
        calls = kept == null ? folder.resolve("calls.jsonl") : Path.of(kept);
        Path commands = folder.resolve("commands.txt");
        Files.writeString(
                folder.resolve("VOTES"),
                "{\"prompt\": \"cat\", \"chosen\": \"A.png\", \"rejected\": \"B.png\"}\n");
        Files.writeString(commands, String.join("\n\n", commands()));
        Path log = folder.resolve("log.txt");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx2g",
                        "-Dstudio.record.calls=" + calls,
                        "-Dstudio.scoring.models=" + Python.file("scoring/models"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordedCommands.class.getName(),
                        commands.toString());
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertEquals(0, process.waitFor(), Files.readString(log));
    }

    private static List<String> commands() {
        Path reference = Python.file("sd3-runtime/src/test/resources/reference");
        String card = " --device cuda --model " + reference.resolve("tiny-3.0");
        String train =
                "train --data DATA --cache CACHE --batch 2 --resolution 32 --seed 1 --validate-on 2"
                        + " --samples 1 --dtype fp32"
                        + card;
        String votes =
                "train --preferences VOTES --cache CACHE --batch 1 --resolution 32 --samples 0"
                        + " --method lora --rank 2 --steps 1 --dtype fp32"
                        + card;
        String generate = "generate --prompt cat --width 32 --height 32 --seed 1";
        List<String> commands =
                List.of(
                        "dataset synth --out DATA --count 8 --size 32 --styles ukiyo-e,watercolour",
                        train + " --method stan --features 8 --k 2 --steps 2 --out STAN",
                        train.replace("--device cuda ", "--device cuda,cuda ")
                                + " --method stan --features 8 --k 2 --revive 2 --steps 2 --out"
                                + " REVIVED",
                        train
                                + " --method lora --rank 2 --steps 2 --out LORA --checkpointing"
                                + " --rank-dropout 0.5 --adapter-dropout 0.5 --loss huber",
                        train + " --method adalora --rank 2 --steps 4 --out ADALORA",
                        train + " --method sora --rank 2 --steps 2 --out SORA",
                        train + " --method sparse --steps 2 --mask-every 1 --out SPARSE",
                        train
                                + " --method dora --rank 2 --adapter-dropout 0.5 --steps 1 --out"
                                + " DORA",
                        train + " --method loha --rank 2 --steps 1 --out LOHA",
                        train + " --method lokr --rank 2 --steps 1 --out LOKR",
                        train
                                + " --method oft --oft-block-size 8 --oft-limit 1e-4 --steps 1"
                                + " --out OFT",
                        train
                                + " --method oft --oft-block-size 8 --oft-exact --steps 1 --out"
                                + " EXACT",
                        train
                                + " --method boft --oft-block-size 4 --butterflies 2 --steps 1"
                                + " --out BOFT",
                        generate + " --steps 3 --out A.png --dtype fp32" + card,
                        generate
                                + " --steps 2 --out B.png --dtype bf16 --adapter STAN/adapter"
                                + " --adapter LORA/adapter --adapter SPARSE/adapter"
                                + card,
                        votes + " --objective dpo --out DPO",
                        votes + " --objective winner --out WINNER",
                        generate
                                + " --steps 1 --out H.png --dtype fp32 --adapter "
                                + Python.file(
                                        "stan-adapter/src/test/resources/reference/text/kohya.safetensors")
                                + card,
                        generate
                                + " --steps 3 --no-t5 --strength 0.9 --init-image A.png --mask"
                                + " B.png --out C.png"
                                + card,
                        generate
                                + " --steps 2 --no-t5 --init-image A.png --mask B.png --soft-mask"
                                + " --mask-crop 4 --out I.png"
                                + card,
                        generate
                                + " --steps 4 --out E.png --dtype fp32 --guidance 3"
                                + " --guidance-variants"
                                + " rescale=0.5+cfg-zero=1+apg=0:3:-0.5+pag=1"
                                + " --prompt-syntax weighted --negative-prompt (fog:1.3)"
                                + card,
                        generate
                                + " --steps 2 --out D.png --dtype fp16 --skip-layers 1 --slg-start"
                                + " 0 --slg-stop 1 --vae-tiling --device cuda --model "
                                + reference.resolve("tiny-3.5"),
                        generate
                                + " --steps 2 --out F.png --dtype fp32 --control "
                                + reference.resolve("controls/joint")
                                + "=A.png"
                                + card,
                        generate
                                + " --steps 2 --out G.png --dtype fp32 --control "
                                + reference.resolve("controls/alone-original.safetensors")
                                + "=A.png --control "
                                + reference.resolve("controls/masked")
                                + "=A.png+B.png --device cuda --model "
                                + reference.resolve("tiny-3.5"),
                        generate
                                + " --steps 2 --out H.png --dtype fp32 --ip-adapter "
                                + reference.resolve("ip-adapters/dual")
                                + "=0.8 --style-image A.png --style-image B.png --device cuda"
                                + " --model "
                                + reference.resolve("tiny-3.5"),
                        generate
                                + " --steps 2 --out I.png --dtype fp32 --hires 2,by="
                                + reference.resolve("upscalers/folded.safetensors")
                                + " --upscale "
                                + reference.resolve("upscalers/compact.safetensors")
                                + card,
                        generate + " --steps 1 --out J.png --hires 2" + card,
                        generate + " --steps 1 --out J.png --hires 2,by=latent-nearest" + card,
                        generate + " --steps 1 --out J.png --hires 2,by=latent-bicubic" + card,
                        "bench --size 32 --text-tokens 8 --last-repeats 4 --steps 2 --warm-up 1"
                                + " --dtype bf16"
                                + card,
                        "embed --device cuda --out FEATURES DATA",
                        "adapter check STAN/adapter --against STAN/adapter",
                        "adapter merge LORA/adapter SORA/adapter --rank 1 --out MERGED",
                        "adapter merge LORA/adapter SORA/adapter --method ties --out TIES --model "
                                + reference.resolve("tiny-3.0"),
                        "adapter analyze STAN/adapter --data DATA --out ANALYSIS --per-style 2"
                                + " --resolution 32 --maps --show 2 --sigmas 0.5"
                                + card);
        return commands.stream().map(DeviceCheckTest::words).toList();
    }

    /** One argument a line; words in capitals are files of the test's folder. */
    private static String words(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.split(" ", -1)) {
            words.add(
                    PLACE.matcher(word)
                            .replaceAll(
                                    place ->
                                            Matcher.quoteReplacement(
                                                    folder.resolve(place.group()).toString())));
        }
        return String.join("\n", words);
    }

    /**
     * The methods that one program's calls reach, by text: a call of a method reaches what it
     * calls.
     */
    private static final class Reach {
        private final Map<String, String> textOf = new TreeMap<>();
        private final Map<String, Set<String>> callsOf = new TreeMap<>();

        Reach(String program) {
            String text = "";
            Set<String> calls = new TreeSet<>();
            for (String line : program.lines().toList()) {
                Matcher begins = TEXT.matcher(line);
                Matcher method = METHOD.matcher(line);
                if (begins.matches()) {
                    text = begins.group(1);
                } else if (method.matches()) {
                    calls = new TreeSet<>();
                    textOf.put(method.group(1), text);
                    callsOf.put(method.group(1), calls);
                } else if (!line.stripLeading().startsWith("#")) {
                    CALL.matcher(line).results().map(found -> found.group(1)).forEach(calls::add);
                }
            }
        }

        Set<String> from(Set<String> called) {
            Set<String> reached = new TreeSet<>();
            Deque<String> open = new ArrayDeque<>(called);
            while (!open.isEmpty()) {
                String method = open.pop();
                if (reached.add(textOf.get(method) + " " + method)) {
                    open.addAll(callsOf.get(method));
                }
            }
            return reached;
        }
    }

    private static Set<String> reached() throws IOException {
        Map<Integer, Reach> programs = new TreeMap<>();
        Map<Integer, Set<String>> called = new TreeMap<>();
        try (Stream<String> lines = Files.lines(calls)) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode entry = JSON.readTree(line);
                if (entry.has("program")) {
                    programs.put(
                            entry.get("program").asInt(), new Reach(entry.get("text").asText()));
                } else if (entry.has("call")) {
                    called.computeIfAbsent(entry.get("call").asInt(), k -> new TreeSet<>())
                            .add(entry.get("method").asText());
                }
            }
        }
        Set<String> reached = new TreeSet<>();
        called.forEach((program, methods) -> reached.addAll(programs.get(program).from(methods)));
        return reached;
    }

    private static Set<String> methods() throws IOException {
        Set<String> methods = new TreeSet<>();
        Path root = Python.file("docs/reference/device_check.py").resolve("../../..").normalize();
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> texts =
                    files.filter(f -> f.toString().contains("/src/main/resources/"))
                            .filter(f -> f.toString().endsWith(".ts.py"))
                            .filter(f -> !CPU_ONLY.contains(f.getFileName().toString()))
                            .toList();
            for (Path text : texts) {
                String path = text.toString().replaceFirst(".*/src/main/resources/", "");
                for (String line : Files.readAllLines(text)) {
                    Matcher method = METHOD.matcher(line);
                    if (method.matches()) {
                        methods.add(path + " " + method.group(1));
                    }
                }
            }
        }
        return methods;
    }

    @Test
    void everyMethodOfEveryProgramIsRecorded() throws IOException {
        Set<String> missing = methods();
        assertTrue(missing.size() > 200, missing::toString);
        missing.removeAll(reached());
        assertEquals(Set.of(), missing);
    }

    @Test
    void callsRunOnACardThatIsNotThere() throws IOException {
        Python python = Python.with("torch; assert torch.version.cuda");
        Path report = folder.resolve("report");
        Python.Outcome outcome =
                python.run(
                        List.of(
                                Python.file("docs/reference/device_check.py").toString(),
                                calls.toString(),
                                "--report",
                                report.toString()));
        assertEquals(0, outcome.status(), outcome.told());
        JsonNode told = JSON.readTree(Path.of(report + ".json").toFile());
        assertEquals("{}", told.get("in_each_step").get("conditioning").toString());
    }
}
