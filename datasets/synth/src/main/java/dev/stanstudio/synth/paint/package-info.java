/** Styles, each a drawing procedure of its own over the shapes of a scene. */
@NullMarked
package dev.stanstudio.synth.paint;

import org.jspecify.annotations.NullMarked;
