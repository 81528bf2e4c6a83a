/**
 * Image towers (the image encoders of CLIP, DINO and CSD): files, preprocessing, networks and their
 * features.
 */
@NullMarked
package dev.stanstudio.scoring.vision;

import org.jspecify.annotations.NullMarked;
