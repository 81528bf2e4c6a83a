/**
 * Settings that a picture's file carries: written by this program, read from it and from others.
 */
@NullMarked
package dev.stanstudio.sd3.metadata;

import org.jspecify.annotations.NullMarked;
