package dev.stanstudio.web.study.vote;

import dev.stanstudio.web.server.Signer;
import dev.stanstudio.web.study.store.Rater;
import dev.stanstudio.web.study.store.Study;
import org.jspecify.annotations.Nullable;

/** Addresses of a study's voting, and of what a rater may do without the cookie. */
final class VotePath {
    /** Address below which all voting lies. */
    static final String ALL = "/vote";

    /** Part of the address at which answers are deleted. */
    static final String WITHDRAW = "/withdraw";

    private VotePath() {}

    static String of(Study study) {
        return ALL + "/" + study.link();
    }

    /** Returns the personal link of a rater, which nobody can guess. */
    static String withdrawal(Study study, Rater rater) {
        return of(study) + WITHDRAW + "/" + signer(study).sign(rater.id());
    }

    /** Returns the id of the rater whose personal link ends with {@code code}; null for others. */
    static @Nullable String raterOf(Study study, String code) {
        return signer(study).open(code);
    }

    private static Signer signer(Study study) {
        return new Signer(study.secret() + "withdrawal");
    }
}
