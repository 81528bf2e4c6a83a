package dev.stanstudio.web.generate;

import dev.stanstudio.web.picture.StoredPicture;
import dev.stanstudio.web.server.View;

/**
 * Holds what can be drawn like a picture.
 *
 * @param seeds pictures with other seeds
 * @param width twice the picture's
 * @param height twice the picture's
 * @param refusal reason why it cannot be drawn at that size; empty if it can
 */
public record LikeView(StoredPicture picture, int seeds, int width, int height, String refusal)
        implements View {
    @Override
    public String template() {
        return "gallery/like.jte";
    }
}
