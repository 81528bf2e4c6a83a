package dev.stanstudio.scoring.report;

import dev.stanstudio.scoring.metric.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * Says how well a metric agrees with votes on pairs of the scored pictures.
 *
 * @param metric its name
 * @param accuracy share of the decisive votes whose preferred picture the metric ranks first; equal
 *     numbers count half; null without decisive votes
 * @param tau mean over prompts of Kendall's τ-b between the metric and the share of votes that a
 *     picture won; prompts where either is the same for all pictures are left out; null without
 *     others
 */
public record VoteAgreement(String metric, @Nullable Estimate accuracy, @Nullable Estimate tau) {}
