/**
 * Drawing in plain Java arithmetic: colours, contours, a polygon filler, noise and random numbers.
 * Nothing here asks the JDK's graphics, so equal input gives equal bytes on every machine.
 */
@NullMarked
package dev.stanstudio.synth.draw;

import org.jspecify.annotations.NullMarked;
