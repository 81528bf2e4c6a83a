package dev.stanstudio.web.study.store;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Links for one use, to be handed out: they cannot be shown again, since only hashes are kept.
 *
 * @param links in the order in which they were made
 */
public record InvitationLinks(List<String> links) {
    /** The query parameter that carries the token. */
    public static final String PARAMETER = "invitation";

    /** Copies the list. */
    public InvitationLinks {
        links = List.copyOf(links);
    }

    /**
     * The links of these tokens.
     *
     * @param server the address of the server, without a slash at its end; may be empty
     */
    public static InvitationLinks of(String server, Study study, List<String> tokens) {
        return new InvitationLinks(
                tokens.stream()
                        .map(
                                token ->
                                        "%s/vote/%s?%s=%s"
                                                .formatted(server, study.link(), PARAMETER, token))
                        .toList());
    }

    /** One link a line. */
    public String text() {
        return links.stream().map(link -> link + "\n").collect(Collectors.joining());
    }

    /** As CSV: number and link. */
    public String csv() {
        StringBuilder csv = new StringBuilder("number,link\n");
        for (int i = 0; i < links.size(); i++) {
            csv.append(i + 1).append(',').append(links.get(i)).append('\n');
        }
        return csv.toString();
    }
}
