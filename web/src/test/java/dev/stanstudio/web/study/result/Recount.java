package dev.stanstudio.web.study.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stanstudio.base.CsvText;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** Computes a report's numbers from its files alone, by other ways than the program's. */
final class Recount {
    private final JsonNode result;
    private final JsonNode plan;
    private final List<Vote> votes = new ArrayList<>();
    int compared;

    private record Vote(
            String rater,
            String scene,
            String question,
            List<String> slots,
            int choice,
            boolean counted,
            int entered) {
        boolean about(String a, String b) {
            return slots.contains(a) && slots.contains(b);
        }

        String picked() {
            return choice == 0 ? "" : slots.get(choice - 1);
        }
    }

    Recount(Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        result = json.readTree(folder.resolve("result.json").toFile());
        plan = json.readTree(folder.resolve("plan.json").toFile());
        try (Reader reader = Files.newBufferedReader(folder.resolve("votes.csv"))) {
            CSVFormat format =
                    CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
            for (CSVRecord row : format.parse(reader)) {
                if (row.get("role").equals("vote")) {
                    votes.add(
                            new Vote(
                                    row.get("observer"),
                                    row.get("scene"),
                                    CsvText.original(row.get("question")),
                                    List.of(CsvText.original(row.get("slots")).split("\\|")),
                                    Integer.parseInt(row.get("choice")),
                                    row.get("counted").equals("1"),
                                    Integer.parseInt(row.get("entered"))));
                } else {
                    assertEquals("0", row.get("counted"), "only votes count");
                }
            }
        }
    }

    private void near(JsonNode told, double own, String what) {
        assertEquals(told.asDouble(), own, 1e-7, what);
        assertTrue(told.isNumber(), what + " is " + told);
        compared++;
    }

    void check() {
        assertEquals(
                votes.stream().filter(Vote::counted).count(), result.path("votes_counted").asInt());
        for (JsonNode question : result.path("questions")) {
            List<Vote> own =
                    votes.stream()
                            .filter(v -> v.counted())
                            .filter(v -> v.question().equals(question.path("question").asText()))
                            .toList();
            assertEquals(own.size(), question.path("votes").asInt());
            List<Double> ps = new ArrayList<>();
            for (JsonNode comparison : question.path("comparisons")) {
                ps.add(comparison(comparison, own));
            }
            for (int i = 0; i < ps.size(); i++) {
                near(
                        question.path("comparisons").get(i).path("headline").path("p_holm"),
                        holm(ps, i),
                        "Holm");
            }
            agreement(question.path("agreement"), own);
            if (plan.path("settings").path("arrangement").asText().equals("PAIRS")) {
                strengths(question.path("methods"), own);
            }
        }
    }

    private double comparison(JsonNode told, List<Vote> own) {
        String a = told.path("leader").asText();
        String b = told.path("other").asText();
        List<Vote> both = own.stream().filter(v -> v.about(a, b)).toList();
        Map<String, double[]> raters = new TreeMap<>(Comparator.comparing(Recount::number));
        int ties = 0;
        for (Vote vote : both) {
            ties += vote.choice() == 0 ? 1 : 0;
            if (vote.picked().equals(a) || vote.picked().equals(b)) {
                double[] sum = raters.computeIfAbsent(vote.rater(), r -> new double[2]);
                sum[vote.picked().equals(a) ? 0 : 1]++;
            }
        }
        double wins = raters.values().stream().mapToDouble(s -> s[0]).sum();
        double losses = raters.values().stream().mapToDouble(s -> s[1]).sum();
        assertEquals(told.path("wins").asDouble(), wins);
        assertEquals(told.path("losses").asDouble(), losses);
        assertEquals(told.path("ties").asInt(), ties);
        near(told.path("decisive_share"), wins / (wins + losses), "share");
        wilson(told.path("naive").path("wilson"), wins, wins + losses);
        double anytime = anytime(told.path("anytime"), a, b, own.get(0).question());
        JsonNode head = told.path("headline");
        if (head.path("basis").asText().equals("SEQUENCE")) {
            near(head.path("p"), anytime, "any-time p");
            return anytime;
        }
        assertEquals(head.path("raters").asInt(), raters.size());
        if (raters.size() > 14) {
            return head.path("p").asDouble(); // Drawn signs: counted again by recount.py.
        }
        double p = signFlips(raters.values(), 0.5);
        near(head.path("p"), p, "p");
        JsonNode ends = head.path("interval");
        if (ends.isArray()) {
            // Just beyond the ends the share is rejected, unless Wilson's interval reaches further.
            double z = ends.get(0).asDouble() - 1e-6;
            double share = wins / (wins + losses);
            boolean alike =
                    raters.values().stream()
                            .allMatch(r -> Math.abs(r[0] / (r[0] + r[1]) - share) < 1e-9);
            double n = alike ? raters.size() : wins + losses;
            boolean wider = z + 2e-6 >= wilsonEnd(share * n, n, -1);
            assertTrue(wider || signFlips(raters.values(), z) <= 0.05, "low end");
            assertTrue(signFlips(raters.values(), ends.get(0).asDouble() + 1e-6) > 0.05 || wider);
            compared += 2;
        }
        return p;
    }

    private static int number(String rater) {
        return Integer.parseInt(rater.substring(1));
    }

    /** Over all assignments, by their sums. */
    private static double signFlips(Collection<double[]> raters, double share) {
        double[] d = raters.stream().mapToDouble(s -> s[0] - share * (s[0] + s[1])).toArray();
        double observed = Math.abs(Arrays.stream(d).sum());
        int extreme = 0;
        for (int flips = 0; flips < 1 << d.length; flips++) {
            double sum = 0;
            for (int r = 0; r < d.length; r++) {
                sum += (flips >> r & 1) == 1 ? -d[r] : d[r];
            }
            extreme += Math.abs(sum) >= observed - 1e-9 ? 1 : 0;
        }
        return (double) extreme / (1 << d.length);
    }

    private void wilson(JsonNode told, double wins, double n) {
        near(told.get(0), wins == 0 ? 0 : wilsonEnd(wins, n, -1), "Wilson");
        near(told.get(1), wins == n ? 1 : wilsonEnd(wins, n, 1), "Wilson");
    }

    /** A root of (p − share)² = z² p (1 − p) / n. */
    private static double wilsonEnd(double wins, double n, int side) {
        double z2 = 1.959963984540054 * 1.959963984540054;
        double s = wins / n;
        double b = 2 * s + z2 / n;
        return (b + side * Math.sqrt(b * b - 4 * (1 + z2 / n) * s * s)) / (2 * (1 + z2 / n));
    }

    private static double holm(List<Double> ps, int which) {
        double adjusted = 0;
        List<Double> sorted = ps.stream().sorted().toList();
        for (int i = 0; i <= sorted.indexOf(ps.get(which)); i++) {
            adjusted = Math.max(adjusted, sorted.get(i) * (ps.size() - i));
        }
        return Math.min(1, adjusted);
    }

    private double anytime(JsonNode told, String a, String b, String question) {
        Map<Integer, Own> all = new TreeMap<>();
        Map<Integer, Own> trusted = new TreeMap<>();
        for (Vote v : votes) {
            if (v.entered() > 0 && v.question().equals(question) && v.about(a, b)) {
                double score = v.picked().equals(a) ? 1 : v.picked().equals(b) ? 0 : 0.5;
                all.computeIfAbsent(v.entered(), e -> own(v, a, b)).scores().add(score);
                if (v.counted()) {
                    trusted.computeIfAbsent(v.entered(), e -> own(v, a, b)).scores().add(score);
                }
            }
        }
        assertEquals(told.path("raters").asInt(), trusted.size());
        double p = Math.max(capitalP(all.values()), capitalP(trusted.values()));
        near(told.path("p"), p, "any-time p");
        return p;
    }

    private record Own(List<Double> scores, int trials) {
        /** The mean with ½ for missing trials where {@code side} leads, else without them. */
        double careful(int side) {
            double mean = scores.stream().mapToDouble(x -> x).average().orElseThrow();
            double turned = side == 0 ? mean : 1 - mean;
            double filled = 0.5 + (turned - 0.5) * scores.size() / trials;
            return Math.min(turned, filled);
        }
    }

    private Own own(Vote vote, String a, String b) {
        List<String> names = new ArrayList<>();
        plan.path("methods").forEach(name -> names.add(name.asText()));
        int trials = 0;
        for (JsonNode showing :
                plan.path("raters").get(Integer.parseInt(vote.rater().substring(1)) - 1)) {
            List<String> shown = new ArrayList<>();
            for (JsonNode picture : showing.path("pictures")) {
                int method = plan.path("pictures").get(picture.asInt()).path("method").asInt();
                shown.add(method < 0 ? "" : names.get(method));
            }
            String question =
                    plan.path("settings")
                            .path("questions")
                            .get(showing.path("question").asInt())
                            .asText();
            boolean asks = question.equals(vote.question()) && shown.containsAll(List.of(a, b));
            trials += asks && showing.path("role").asText().equals("VOTE") ? 1 : 0;
        }
        return new Own(new ArrayList<>(), trials);
    }

    private static double capitalP(Collection<Own> raters) {
        double[][] capital = new double[2][24];
        for (double[] side : capital) {
            Arrays.fill(side, 1);
        }
        double p = 1;
        for (Own own : raters) {
            for (int bet = 0; bet < 24; bet++) {
                capital[0][bet] *= 1 + (bet + 0.5) / 24 * (2 * own.careful(0) - 1);
                capital[1][bet] *= 1 + (bet + 0.5) / 24 * (2 * own.careful(1) - 1);
            }
        }
        for (double[] side : capital) {
            p = Math.min(p, 2 / Arrays.stream(side).average().orElseThrow());
        }
        return p;
    }

    /** α by the matrix of coincidences, κ by its definition. */
    private void agreement(JsonNode told, List<Vote> own) {
        List<String> names = new ArrayList<>();
        plan.path("methods").forEach(m -> names.add(m.asText()));
        Map<String, List<Integer>> units = new LinkedHashMap<>();
        for (Vote v : own) {
            List<String> shown =
                    v.slots().stream().sorted(Comparator.comparing(names::indexOf)).toList();
            units.computeIfAbsent(v.scene() + shown, u -> new ArrayList<>())
                    .add(v.choice() == 0 ? shown.size() : shown.indexOf(v.picked()));
        }
        double[][] together = new double[names.size() + 1][names.size() + 1];
        for (List<Integer> unit : units.values()) {
            for (int i = 0; i < unit.size(); i++) {
                for (int j = 0; j < unit.size(); j++) {
                    together[unit.get(i)][unit.get(j)] += i == j ? 0 : 1.0 / (unit.size() - 1);
                }
            }
        }
        double n = 0;
        double differing = 0;
        double chance = 0;
        for (double[] row : together) {
            n += Arrays.stream(row).sum();
        }
        for (int i = 0; i < together.length; i++) {
            for (int j = 0; j < together.length; j++) {
                differing += i == j ? 0 : together[i][j];
                chance +=
                        i == j
                                ? 0
                                : Arrays.stream(together[i]).sum()
                                        * Arrays.stream(together[j]).sum()
                                        / (n - 1);
            }
        }
        near(told.path("krippendorff"), 1 - differing / chance, "alpha");
        assertEquals(
                units.values().stream().filter(u -> u.size() > 1).count(),
                told.path("fleiss_units").asInt() + told.path("fleiss_units_left_out").asInt());
        compared++;
    }

    /** By the algorithm of Hunter (2004), ties as half a win. */
    private void strengths(JsonNode told, List<Vote> own) {
        List<String> names = new ArrayList<>();
        told.forEach(row -> names.add(row.path("method").asText()));
        double[][] won = new double[names.size()][names.size()];
        for (Vote v : own) {
            int a = names.indexOf(v.slots().get(0));
            int b = names.indexOf(v.slots().get(1));
            won[a][b] += v.choice() == 0 ? 0.5 : v.choice() == 1 ? 1 : 0;
            won[b][a] += v.choice() == 0 ? 0.5 : v.choice() == 2 ? 1 : 0;
        }
        double[] strength = new double[names.size()];
        Arrays.fill(strength, 1);
        for (int step = 0; step < 20_000; step++) {
            double[] next = new double[strength.length];
            for (int i = 0; i < next.length; i++) {
                double games = 0;
                for (int j = 0; j < next.length; j++) {
                    games += i == j ? 0 : (won[i][j] + won[j][i]) / (strength[i] + strength[j]);
                }
                next[i] = Arrays.stream(won[i]).sum() / games;
            }
            strength = next;
        }
        double centre = Arrays.stream(strength).map(Math::log).average().orElseThrow();
        for (int i = 0; i < strength.length; i++) {
            near(told.get(i).path("strength"), Math.log(strength[i]) - centre, "strength");
        }
    }
}
