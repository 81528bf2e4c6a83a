/** Experiments on adapters: what they cost and how they merge. */
@NullMarked
package dev.stanstudio.adapter.experiment;

import org.jspecify.annotations.NullMarked;
