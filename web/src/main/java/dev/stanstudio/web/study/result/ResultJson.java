package dev.stanstudio.web.study.result;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stanstudio.base.Json;
import dev.stanstudio.base.ProgramVersion;
import dev.stanstudio.web.study.stats.Interval;
import dev.stanstudio.web.study.store.Study;
import java.util.List;
import java.util.Map;

/** Writes the numbers of a report as JSON, each beside the unit of its inference. */
record ResultJson(Study study, PlanFile plan, StudyResult result) {
    /** The votes that the stopping rule counts; reports of earlier versions lack it. */
    static final String TOWARDS_END = "votes_towards_end";

    private static final String NAIVE = "vote, as if votes were independent";

    String text() {
        ObjectNode root = Json.PLAIN.createObjectNode();
        root.put("version", 1);
        root.put("program", ProgramVersion.current());
        root.put("study", study.id());
        root.put("title", study.title());
        root.put("plan_sha256", study.planHash());
        root.put("plan_paths_shortened", plan.shortened());
        root.put("complete", result.complete());
        root.put("stop", study.plan().settings().stop().kind().name());
        root.put("alpha", study.plan().settings().stop().alpha());
        root.put(TOWARDS_END, result.towards());
        root.put("votes_in_time", result.counted());
        root.put("votes_counted", result.screened());
        root.put("raters", result.raters().size());
        root.put("raters_left_out", result.excluded().size());
        root.put("nobody_passed", result.nobodyPassed());
        ArrayNode raters = root.putArray("rater_reports");
        result.raters().forEach(rater -> put(raters.addObject(), rater));
        put(root.putObject("sides"), result.sides());
        ArrayNode questions = root.putArray("questions");
        result.questions().forEach(question -> put(questions.addObject(), question));
        ArrayNode unscreened = root.putArray("with_every_rater");
        result.unscreened().forEach(question -> put(unscreened.addObject(), question));
        return Json.pretty(Json.PLAIN, root) + "\n";
    }

    private void put(ObjectNode node, RaterReport rater) {
        node.put("rater", rater.name());
        node.put("votes", rater.votes());
        node.put("counts", rater.counts());
        node.put("entered", result.entered().indexOf(rater.slot()) + 1);
        ArrayNode reasons = node.putArray("reasons");
        rater.reasons().forEach(reasons::add);
    }

    private static void put(ObjectNode node, Sides sides) {
        ArrayNode chosen = node.putArray("chosen");
        sides.chosen().forEach(chosen::add);
        node.put("unit", "rater");
        node.put("raters", sides.raters());
        put(node, "first_interval", sides.first());
        number(node, "p", sides.p());
        number(node.putObject("naive").put("unit", NAIVE), "p", sides.naiveP());
    }

    private static void put(ObjectNode node, QuestionResult question) {
        node.put("question", question.question());
        node.put("votes", question.votes());
        node.put("ties", question.ties());
        comparisons(node.putArray("comparisons"), question.comparisons(), true);
        ArrayNode methods = node.putArray("methods");
        question.methods().forEach(method -> put(methods.addObject(), method));
        node.put("model", question.model());
        ObjectNode styles = node.putObject("styles");
        for (Map.Entry<String, List<Comparison>> style : question.styles().entrySet()) {
            comparisons(styles.putArray(style.getKey()), style.getValue(), false);
        }
        put(node.putObject("agreement"), question.agreement());
    }

    private static void comparisons(ArrayNode array, List<Comparison> comparisons, boolean whole) {
        for (Comparison c : comparisons) {
            ObjectNode node = array.addObject();
            node.put("leader", c.leader()).put("other", c.other());
            node.put("wins", c.wins()).put("losses", c.losses()).put("ties", c.ties());
            number(node, "decisive_share", c.share());
            put(node.putObject("headline"), c.headline());
            put(
                    node.putObject("raters_and_prompts").put("unit", "rater and prompt"),
                    "interval",
                    c.prompts());
            if (whole) {
                put(node.putObject("anytime"), c.anytime());
            }
            ObjectNode naive = node.putObject("naive").put("unit", NAIVE);
            put(naive, "wilson", c.wilson());
            number(naive, "p", c.naiveP());
            node.put("raters_until_open", c.fragility().ratersUntilOpen());
            node.put("votes_until_reversed", c.fragility().changedUntilReversed());
        }
    }

    private static void put(ObjectNode node, Headline headline) {
        node.put("basis", headline.basis().name());
        node.put("unit", headline.basis().words());
        node.put("raters", headline.raters());
        number(node, "share", headline.share());
        put(node, "interval", headline.interval());
        number(node, "p", headline.p());
        number(node, "p_holm", headline.adjusted());
        number(node, "level", headline.level());
        node.put("standing", headline.standing().name());
        node.put("verdict", headline.decided());
    }

    private static void put(ObjectNode node, Anytime anytime) {
        node.put("unit", "rater");
        node.put("raters", anytime.raters());
        number(node, "mean_score", anytime.mean());
        put(node, "interval", anytime.interval());
        number(node, "p", anytime.p());
    }

    private static void put(ObjectNode node, MethodRow method) {
        node.put("method", method.method());
        node.put("picks", method.picks()).put("shown", method.shown());
        put(node, "interval_over_raters", method.interval());
        put(node.putObject("naive").put("unit", NAIVE), "wilson", method.wilson());
        number(node, "strength", method.strength());
        number(node, "elo", method.elo());
        put(node, "strength_interval_over_raters_and_prompts", method.clustered());
        node.putArray("ranks").add(method.ranks().best()).add(method.ranks().worst());
    }

    private static void put(ObjectNode node, RaterAgreement agreement) {
        node.put("unit", "comparison");
        agreement.krippendorff().ifPresent(value -> node.put("krippendorff", value));
        node.put("krippendorff_units", agreement.units());
        node.put("units_with_one_answer", agreement.alone());
        agreement.fleiss().ifPresent(value -> node.put("fleiss", value));
        node.put("fleiss_answers", agreement.fleissAnswers());
        node.put("fleiss_units", agreement.fleissUnits());
        node.put("fleiss_units_left_out", agreement.fleissLeftOut());
    }

    private static void put(ObjectNode node, String name, Interval interval) {
        if (interval.known()) {
            node.putArray(name).add(interval.low()).add(interval.high());
        } else {
            node.putNull(name);
        }
    }

    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }
}
