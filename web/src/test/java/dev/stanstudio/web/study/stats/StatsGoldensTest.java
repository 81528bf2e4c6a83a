package dev.stanstudio.web.study.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The reference's values (scipy, statsmodels, choix, krippendorff), within its own tolerances. */
class StatsGoldensTest {
    private static final Map<String, Double> WORST = new java.util.TreeMap<>();

    @AfterAll
    static void tellWorst() {
        System.out.println("worst errors against the reference: " + WORST);
    }

    private static JsonNode golden(String name) {
        try (InputStream in = StatsGoldensTest.class.getResourceAsStream("/stats/" + name)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void near(String what, double expected, double actual, double tolerance) {
        WORST.merge(what, Math.abs(expected - actual), Math::max);
        assertEquals(expected, actual, tolerance, what);
    }

    private static void near(String what, JsonNode expected, List<Double> actual, double tol) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < actual.size(); i++) {
            near(what, expected.get(i).asDouble(), actual.get(i), tol);
        }
    }

    @Test
    void intervalsOfShares() {
        for (JsonNode c : golden("proportions.json").path("cases")) {
            int k = c.path("k").asInt();
            int n = c.path("n").asInt();
            if (n == 0) {
                assertEquals(Interval.SHARE, Proportions.wilson(k, n, 0.95));
                continue;
            }
            double confidence = c.path("confidence").asDouble();
            Interval wilson = Proportions.wilson(k, n, confidence);
            near("wilson", c.path("wilson"), List.of(wilson.low(), wilson.high()), 1e-9);
            Interval exact = Proportions.clopperPearson(k, n, confidence);
            near("exact", c.path("clopper_pearson"), List.of(exact.low(), exact.high()), 1e-9);
        }
    }

    @Test
    void exactTests() {
        JsonNode all = golden("exact_tests.json");
        for (JsonNode c : all.path("binomial")) {
            int k = c.path("k").asInt();
            int n = c.path("n").asInt();
            double p = c.path("p").asDouble();
            relative("two-sided", c.path("two_sided"), BinomialTest.twoSided(k, n, p));
            relative("less", c.path("less"), BinomialTest.less(k, n, p));
            relative("greater", c.path("greater"), BinomialTest.greater(k, n, p));
        }
        for (JsonNode c : all.path("sign_test")) {
            relative(
                    "sign",
                    c.path("p_two_sided"),
                    BinomialTest.sign(c.path("wins").asInt(), c.path("losses").asInt()));
        }
    }

    private static void relative(String what, JsonNode expected, double actual) {
        near(what, 1, actual / expected.asDouble(), 1e-9);
    }

    @Test
    void powerAndVotesNeeded() {
        JsonNode all = golden("power.json");
        for (JsonNode c : all.path("power")) {
            double power =
                    Power.exact(
                            c.path("n").asInt(),
                            c.path("p").asDouble(),
                            c.path("alpha").asDouble());
            near("power", c.path("power").asDouble(), power, 1e-9);
        }
        for (JsonNode c : all.path("required_n")) {
            double p = c.path("p").asDouble();
            double alpha = c.path("alpha").asDouble();
            double power = c.path("power").asDouble();
            assertEquals(
                    c.path("normal_approximation").asInt(), Power.votesByNormal(p, alpha, power));
            assertEquals(c.path("exact_smallest_n").asInt(), Power.votes(p, alpha, power));
            assertEquals(
                    c.path("exact_n_from_which_on_always").asInt(),
                    Power.votesFromWhichOn(p, alpha, power));
        }
    }

    @Test
    void bradleyTerryWithAndWithoutTies() {
        JsonNode tables = golden("bradley_terry.json").path("tables");
        int fitted = 0;
        for (JsonNode table : tables) {
            PairCounts counts = counts(table);
            assertEquals(
                    table.path("mle_exists_without_ties").asBoolean(), counts.connected(false));
            assertEquals(
                    table.path("mle_exists_with_half_ties").asBoolean(), counts.connected(true));
            fitted += fits(table, counts);
            for (JsonNode ridge : table.path("ridge")) {
                Strengths fit = BradleyTerry.ridge(counts, ridge.path("alpha").asDouble());
                near("ridge", ridge.path("log_strengths"), fit.logStrengths(), 1e-6);
                near("ridge", ridge.path("standard_errors"), fit.standardErrors(), 1e-6);
            }
        }
        assertTrue(fitted >= 12, "only " + fitted + " fits compared");
    }

    private static int fits(JsonNode table, PairCounts counts) {
        Map<String, BradleyTerry.Ties> kinds =
                Map.of(
                        "bradley_terry_ties_dropped", BradleyTerry.Ties.DROPPED,
                        "bradley_terry_half_ties", BradleyTerry.Ties.HALF,
                        "davidson", BradleyTerry.Ties.DAVIDSON);
        int fitted = 0;
        for (Map.Entry<String, BradleyTerry.Ties> kind : kinds.entrySet()) {
            JsonNode expected = table.path(kind.getKey());
            Optional<Strengths> fit = BradleyTerry.fit(counts, kind.getValue());
            if (expected.isMissingNode() || expected.isNull()) {
                continue;
            }
            Strengths found = fit.orElseThrow();
            near(kind.getKey(), expected.path("log_strengths"), found.logStrengths(), 1e-6);
            near(kind.getKey(), expected.path("standard_errors"), found.standardErrors(), 1e-6);
            near(
                    kind.getKey(),
                    expected.path("log_likelihood").asDouble(),
                    found.logLikelihood(),
                    1e-6);
            near("elo", expected.path("elo").get(0).asDouble(), found.elo(0), 174e-6);
            if (expected.has("nu")) {
                near("nu", expected.path("nu").asDouble(), Math.exp(found.extra().get(0)), 1e-6);
            }
            if (expected.has("sandwich_standard_errors")) {
                near(
                        "sandwich",
                        expected.path("sandwich_standard_errors"),
                        BradleyTerry.sandwichErrors(counts, found),
                        1e-6);
            }
            fitted++;
        }
        return fitted;
    }

    @Test
    void noFitWhereNoneExists() {
        JsonNode tables = golden("bradley_terry.json").path("tables");
        for (String name : List.of("unbeaten", "two_islands", "nobody_voted")) {
            for (BradleyTerry.Ties ties : BradleyTerry.Ties.values()) {
                assertEquals(
                        Optional.empty(), BradleyTerry.fit(counts(tables.path(name)), ties), name);
            }
        }
    }

    private static PairCounts counts(JsonNode table) {
        int n = table.path("names").size();
        PairCounts counts = new PairCounts(n);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                counts.win(i, j, table.path("wins").get(i).get(j).asDouble());
                if (i < j) {
                    counts.tie(i, j, table.path("ties").get(i).get(j).asDouble());
                }
            }
        }
        return counts;
    }

    @Test
    void picksAndRankings() {
        for (JsonNode c : golden("luce.json").path("cases")) {
            Luce luce = new Luce(c.path("names").size());
            for (JsonNode pick : c.path("picks")) {
                luce.pick(
                        integers(pick.path("shown")),
                        pick.path("picked").asInt(),
                        pick.path("count").asDouble());
            }
            for (JsonNode ranking : c.path("rankings")) {
                luce.ranking(integers(ranking.path("order")), ranking.path("count").asDouble());
            }
            double alpha = c.path("alpha").asDouble();
            boolean slots = c.hasNonNull("slot_effects");
            Strengths fit = alpha > 0 ? luce.ridge(slots, alpha) : luce.fit(slots).orElseThrow();
            near("luce", c.path("log_strengths"), fit.logStrengths(), 1e-6);
            near("luce", c.path("standard_errors"), fit.standardErrors(), 1e-6);
            near("luce", c.path("log_likelihood").asDouble(), fit.logLikelihood(), 1e-6);
            near("shares", c.path("share_if_all_shown"), fit.shares(), 1e-6);
            for (int i = 1; slots && i < c.path("slot_effects").size(); i++) {
                near(
                        "slot",
                        c.path("slot_effects").get(i).asDouble(),
                        fit.extra().get(i - 1),
                        1e-6);
            }
        }
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.asInt()));
        return values;
    }

    @Test
    void agreement() {
        JsonNode all = golden("agreement.json");
        for (JsonNode c : all.path("fleiss")) {
            List<List<Integer>> counts = new ArrayList<>();
            c.path("counts").forEach(row -> counts.add(integers(row)));
            same("fleiss", c.path("kappa"), Agreement.fleiss(counts));
        }
        for (JsonNode c : all.path("krippendorff_nominal")) {
            List<List<Integer>> units = new ArrayList<>();
            JsonNode raters = c.path("ratings_by_rater");
            for (int u = 0; u < raters.get(0).size(); u++) {
                List<Integer> unit = new ArrayList<>();
                for (JsonNode rater : raters) {
                    if (!rater.get(u).isNull()) {
                        unit.add(rater.get(u).asInt());
                    }
                }
                units.add(unit);
            }
            same("krippendorff", c.path("alpha"), Agreement.krippendorff(units));
        }
    }

    private static void same(String what, JsonNode expected, OptionalDouble actual) {
        assertEquals(expected.isNull(), actual.isEmpty(), what);
        if (actual.isPresent()) {
            near(what, expected.asDouble(), actual.getAsDouble(), 1e-9);
        }
    }
}
