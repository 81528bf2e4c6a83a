/**
 * The procedural collection: pictures drawn from a seed in many styles, on which small models are
 * trained from nothing and everything can be tried without a download.
 */
@NullMarked
package dev.stanstudio.synth;

import org.jspecify.annotations.NullMarked;
