package dev.stanstudio.sd3.schedule;

/**
 * The noise that a stochastic sampler adds in its steps; the others draw none.
 *
 * @param <T> see {@link LatentMath}
 */
@FunctionalInterface
public interface NoiseSource<T> {
    /**
     * Draws standard normal numbers, each time others.
     *
     * @param like latents whose shape, dtype and device the noise gets
     * @return a tensor that the sampler releases by {@link LatentMath#release}
     */
    T draw(T like);
}
