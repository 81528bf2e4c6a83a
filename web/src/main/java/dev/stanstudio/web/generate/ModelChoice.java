package dev.stanstudio.web.generate;

import dev.stanstudio.base.UserException;
import dev.stanstudio.web.library.ModelCache;

/**
 * Describes a model that can be chosen.
 *
 * @param most longest side of its pictures in pixels, or 0 where it is not known
 * @param step what sides must be divisible by, or 0 where it is not known
 * @param blocks of its transformer, or 0 where they are not known
 */
public record ModelChoice(String name, int most, int step, int blocks) {
    static ModelChoice of(String name, ModelCache models) {
        try {
            var limits = models.limits(name);
            return new ModelChoice(name, limits.most(), limits.step(), models.blocks(name));
        } catch (UserException e) {
            return new ModelChoice(name, 0, 0, 0); // an order of it says what is wrong
        }
    }
}
