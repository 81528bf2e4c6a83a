/**
 * Training CLIP from nothing on the procedural collection: the model that scores without a
 * download, and the text towers of sd3-nano.
 */
@NullMarked
package dev.stanstudio.scoring.pretrain;

import org.jspecify.annotations.NullMarked;
