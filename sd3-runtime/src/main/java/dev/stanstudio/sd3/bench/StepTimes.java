package dev.stanstudio.sd3.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Milliseconds of one denoising step.
 *
 * @param embed latents to tokens, and the conditioning
 * @param blocks all joint blocks
 * @param head final norm, projection and unpatchify
 * @param guidance classifier-free guidance and the Euler update
 * @param step the whole step
 * @param cpu processor time of the whole process: threads × {@code step} where nothing disturbed it
 */
record StepTimes(
        @JsonProperty("embed_ms") double embed,
        @JsonProperty("blocks_ms") double blocks,
        @JsonProperty("head_ms") double head,
        @JsonProperty("guidance_ms") double guidance,
        @JsonProperty("step_ms") double step,
        @JsonProperty("cpu_ms") double cpu) {}
