package dev.stanstudio.web.study.cli;

import dev.stanstudio.web.study.plan.ConsentTerms;
import picocli.CommandLine.Option;

/** Options about what voters are told before they agree to take part. */
final class ConsentOptions {
    @Option(
            names = "--asked-by",
            paramLabel = "NAME",
            description = "Person or organisation that runs the study, as voters read it.")
    String askedBy = "";

    @Option(
            names = "--contact",
            description = "Address for voters' questions and complaints, as voters read it.")
    String contact = "";

    @Option(
            names = "--purpose",
            description =
                    "Aim of the study, as voters read it; do not tell what you expect (to find out"
                            + " which pictures people prefer).")
    String purpose = "";

    @Option(
            names = "--retention",
            description = "How long answers are kept (as long as the result; no date is set).")
    String retention = "";

    @Option(
            names = "--publication",
            description =
                    "What is published, and where (result and single answers, without names, may"
                            + " be).")
    String publication = "";

    @Option(
            names = "--minimum-age",
            paramLabel = "YEARS",
            description = "Age that voters confirm to have; 0 for any (${DEFAULT-VALUE}).")
    int minimumAge = ConsentTerms.DEFAULT.minimumAge();

    ConsentTerms terms() {
        return new ConsentTerms(
                askedBy.strip(),
                contact.strip(),
                purpose.strip(),
                retention.strip(),
                publication.strip(),
                minimumAge);
    }
}
