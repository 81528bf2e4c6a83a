package dev.stanstudio.web.study.cli;

import dev.stanstudio.base.ArgumentException;
import dev.stanstudio.base.AtomicFile;
import dev.stanstudio.base.Json;
import dev.stanstudio.web.study.plan.Admission;
import dev.stanstudio.web.study.plan.ConsentTerms;
import dev.stanstudio.web.study.plan.StoppingRule;
import dev.stanstudio.web.study.plan.StudyPlan;
import dev.stanstudio.web.study.plan.StudySettings;
import dev.stanstudio.web.study.result.StudyFormat;
import dev.stanstudio.web.study.source.Sources;
import dev.stanstudio.web.study.source.StudyPictures;
import dev.stanstudio.web.study.store.Study;
import dev.stanstudio.web.study.store.StudyRequest;
import dev.stanstudio.web.study.store.StudyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code studio study create}: draws a plan over pictures and keeps it. */
@Command(name = "create", description = "Make a study from pictures of the same prompts.")
public final class StudyCreateCommand extends StoreCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "PICTURES",
            description =
                    "A folder with a folder of equally named pictures per method, or a grid's"
                            + " folder or manifest.jsonl.")
    @Nullable Path pictures;

    @Option(
            names = "--method",
            paramLabel = "NAME=DIR",
            description = "Instead of PICTURES: a method and its folder; give at least two.")
    Map<String, Path> methods = new LinkedHashMap<>();

    @Option(names = "--title", required = true, description = "What voters see above.")
    String title = "";

    @Option(names = "--introduction", description = "What voters read before they begin.")
    String introduction = "";

    @Option(
            names = "--question",
            description = "What is asked; several get trials of their own (${DEFAULT-VALUE}).")
    List<String> questions = List.of(StudySettings.DEFAULT_QUESTION);

    @Option(
            names = "--all-at-once",
            description = "Show all methods and ask for the best, rather than pairs.")
    boolean all;

    @Option(names = "--no-ties", description = "\"No difference\" is no answer.")
    boolean noTies;

    @Option(
            names = "--references",
            paramLabel = "DIR",
            description = "Pictures of the style to show above; a subfolder per style, if several.")
    @Nullable Path references;

    @Mixin SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--votes",
            paramLabel = "N",
            description =
                    "Votes that count (enough voters to find a method that 65 %% prefer to another"
                        + " in 80 of 100 studies, if the votes of one voter correlate by 0.2; of"
                        + " several methods, to find it ahead of each).")
    @Nullable Integer votes;

    @Option(
            names = "--stop-at-verdict",
            description =
                    "End as soon as an any-time-valid sequence over voters' mean scores rules out"
                            + " one half, or at --votes.")
    boolean sequence;

    @Option(names = "--alpha", description = "Its error (${DEFAULT-VALUE}).")
    double alpha = StoppingRule.DEFAULT_ALPHA;

    @Option(names = "--trials", paramLabel = "N", description = "Trials per voter (30 at most).")
    @Nullable Integer trials;

    @Option(names = "--raters", paramLabel = "N", description = "Voters to plan for.")
    @Nullable Integer raters;

    @Option(names = "--repeats", description = "Trials asked twice (${DEFAULT-VALUE}).")
    int repeats = 3;

    @Option(names = "--checks", description = "Trials with a spoiled picture (${DEFAULT-VALUE}).")
    int checks = 2;

    @Option(names = "--training", description = "Practice trials (${DEFAULT-VALUE}).")
    int training = 2;

    @Option(names = "--min-millis", description = "Minimum viewing time (${DEFAULT-VALUE}).")
    int minMillis = 800;

    @Option(
            names = "--seed",
            description =
                    "Deprecated, decides nothing: the plan is drawn from a secret, and the report"
                            + " draws nothing by a seed.")
    long seed;

    @Option(
            names = "--invitations",
            paramLabel = "N",
            description = "Also make N links of which each admits one voter.")
    int invitations;

    @Option(
            names = "--invitations-only",
            description = "The study's own link admits nobody; see study invite.")
    boolean invitationsOnly;

    @Option(
            names = "--raters-per-address",
            paramLabel = "N",
            description =
                    "Voters of one network address who count, of those by the study's link; 0 for"
                            + " all (${DEFAULT-VALUE}).")
    int ratersPerAddress = Admission.DEFAULT.ratersPerAddress();

    @Option(
            names = "--joins-per-minute",
            paramLabel = "N",
            description = "Voters who may begin from one address (${DEFAULT-VALUE}).")
    int joinsPerMinute = Admission.DEFAULT.joinsPerMinute();

    @Option(
            names = "--idle-minutes",
            paramLabel = "N",
            description =
                    "After how long without an answer a voter's place may go to another"
                            + " (${DEFAULT-VALUE}).")
    int idleMinutes = Admission.DEFAULT.idleMinutes();

    @Mixin ConsentOptions consent = new ConsentOptions();

    @Mixin InvitationOptions links = new InvitationOptions();

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description = "Also write what --json prints into a file.")
    @Nullable Path receipt;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Override
    void run(StudyStore store, PrintWriter out) throws IOException {
        checkInvitations();
        StudyPictures material = material();
        Study study = request().withPlaces(material, invitations).make(store, material);
        String facts = Json.PLAIN.writeValueAsString(facts(study, material));
        if (json) {
            out.println(facts);
        } else {
            describe(study, material, out);
        }
        out.flush(); // the study is there, even if what follows fails
        if (receipt != null) {
            AtomicFile.write(
                    receipt, to -> to.write((facts + "\n").getBytes(StandardCharsets.UTF_8)));
        }
        if (invitations > 0) {
            links.make(store, study, invitations, out);
        }
    }

    private StudyRequest request() {
        return StudyRequest.titled(title)
                .introduction(introduction)
                .questions(questions)
                .arrangement(all ? StudySettings.Arrangement.ALL : StudySettings.Arrangement.PAIRS)
                .ties(!noTies)
                .stop(sequence ? StoppingRule.Kind.SEQUENCE : StoppingRule.Kind.VOTES)
                .alpha(alpha)
                .votes(votes)
                .trials(trials)
                .raters(raters)
                .repeats(repeats)
                .checks(checks)
                .training(training)
                .minMillis(minMillis)
                .seed(seed)
                .styles(references)
                .admission(
                        new Admission(
                                invitationsOnly, ratersPerAddress, joinsPerMinute, idleMinutes))
                .consent(consent.terms())
                .build();
    }

    /** Refuses invitations before anything is made, since the links exist only once. */
    private void checkInvitations() {
        if (invitations < 0) {
            throw new ArgumentException("--invitations %d is below 0".formatted(invitations));
        }
        if (json && invitations > 0 && links.links == null) {
            throw new ArgumentException(
                    "--json prints one object; name a file for the invitations with --links");
        }
    }

    private void describe(Study study, StudyPictures material, PrintWriter out) {
        StudyPlan plan = study.plan();
        String incomplete =
                material.incomplete() > 0
                        ? " (%d left out, not of every method)".formatted(material.incomplete())
                        : "";
        String differing =
                material.differing() > 0
                        ? " (of %d the pictures carry different ones; the first method's is shown)"
                                .formatted(material.differing())
                        : "";
        out.println(
                """
                study %s: %s
                  methods  %s
                  prompts  %d%s
                  ends     after %d votes, %d per voter
                  plan     sha256 %s
                           commits to the plan and its secret, which comes with the report
                  voting   /vote/%s of studio study serve %s\
                """
                        .formatted(
                                study.id(),
                                study.title(),
                                StudyFormat.methods(plan.methods()),
                                plan.cells().size(),
                                sampling.words() + incomplete + differing,
                                plan.settings().stop().votes(),
                                plan.settings().trials(),
                                study.planHash(),
                                study.link(),
                                study.id()));
        if (!plan.settings().shortage().isEmpty()) {
            out.println("  note     " + plan.settings().shortage());
        }
        if (!plan.settings().terms().hasContact()) {
            out.println("  note     " + ConsentTerms.CONTACT_HINT + " (--contact)");
        }
    }

    private StudyPictures material() {
        if ((pictures == null) == methods.isEmpty()) {
            throw new ArgumentException("give either PICTURES or --method NAME=DIR twice or more");
        }
        return sampling.of(pictures == null ? Sources.folders(methods) : Sources.read(pictures));
    }

    private Map<String, Object> facts(Study study, StudyPictures material) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", study.id());
        facts.put("link", "/vote/" + study.link());
        facts.put("methods", study.plan().methods());
        facts.put("prompts", study.plan().cells().size());
        sampling.tell(facts);
        facts.put("prompts_left_out", material.incomplete());
        facts.put("prompts_that_differ", material.differing());
        facts.put("votes", study.plan().settings().stop().votes());
        facts.put("places_for_votes", study.plan().settings().places());
        facts.put("plan_sha256", study.planHash());
        return facts;
    }
}
