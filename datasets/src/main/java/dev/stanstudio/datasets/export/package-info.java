/** Writes collections in the layouts that other programs train on. */
@NullMarked
package dev.stanstudio.datasets.export;

import org.jspecify.annotations.NullMarked;
