/**
 * Training DINO from nothing on the procedural collection: the network that sees style without a
 * download.
 */
@NullMarked
package dev.stanstudio.scoring.dino;

import org.jspecify.annotations.NullMarked;
