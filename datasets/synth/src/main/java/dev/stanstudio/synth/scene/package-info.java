/** Scenes as lists of shapes that know what they stand for, and their captions. */
@NullMarked
package dev.stanstudio.synth.scene;

import org.jspecify.annotations.NullMarked;
