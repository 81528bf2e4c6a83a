/**
 * Rectified-flow noise schedules and samplers, free of any tensor engine.
 *
 * <p>The process: x_σ = (1−σ)·x0 + σ·ε with velocity v = dx/dσ = ε − x0. The model reads x_σ
 * unscaled at timestep t = 1000σ and predicts v; a sampler carries x from the first sigma of a
 * {@link dev.stanstudio.sd3.schedule.SigmaTable} down to 0.
 */
@NullMarked
package dev.stanstudio.sd3.schedule;

import org.jspecify.annotations.NullMarked;
