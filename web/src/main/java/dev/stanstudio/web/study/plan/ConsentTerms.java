package dev.stanstudio.web.study.plan;

/**
 * Facts that an author states before people agree to take part. An empty text leaves the fact to
 * the consent page's own words, in the voter's language; other texts are shown as given.
 *
 * @param askedBy name of the person or organisation that runs the study
 * @param contact address for questions and complaints
 * @param purpose aim of the study, in words that do not tell what the author expects
 * @param retention how long answers are kept
 * @param publication what is published, and where
 * @param minimumAge least age of voters in years; 0 if there is none
 */
public record ConsentTerms(
        String askedBy,
        String contact,
        String purpose,
        String retention,
        String publication,
        int minimumAge) {
    /** The terms unless others are given. */
    public static final ConsentTerms DEFAULT = new ConsentTerms("", "", "", "", "", 18);

    /** The terms of studies that were planned before there were any. */
    static final ConsentTerms UNSTATED = new ConsentTerms("", "", "", "", "", 0);

    /** The sentence for authors who name no contact. */
    public static final String CONTACT_HINT =
            """
            voters are told no contact for questions and complaints, which ethics boards ask for; \
            it cannot be added to a study that is made\
            """;

    private static final int SHORT = 300;
    private static final int LONG = 2000;
    private static final int OLDEST = 120;

    /** Checks lengths, characters and the age. */
    public ConsentTerms {
        check("who asks", askedBy, SHORT);
        check("the contact", contact, SHORT);
        check("the purpose", purpose, LONG);
        check("the retention", retention, LONG);
        check("the publication", publication, LONG);
        Setting.between("the minimum age", minimumAge, 0, OLDEST);
    }

    private static void check(String name, String value, int most) {
        Setting.present(name, value);
        Setting.atMost(name, value, most);
        ControlCharacters.refuse(name, value);
    }

    /** Returns whether voters are told whom to ask. */
    public boolean hasContact() {
        return !contact.isBlank();
    }
}
