package dev.stanstudio.web.study.store;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Links for one use, which cannot be shown again, since only their hashes are stored.
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
     * Returns the links of these tokens.
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

    /** Returns one link a line. */
    public String text() {
        return links.stream().map(link -> link + "\n").collect(Collectors.joining());
    }

    /** Returns numbers and links as CSV. */
    public String csv() {
        StringBuilder csv = new StringBuilder("number,link\n");
        for (int i = 0; i < links.size(); i++) {
            csv.append(i + 1).append(',').append(links.get(i)).append('\n');
        }
        return csv.toString();
    }
}
