/** The tensor engine: the only package that names DJL's PyTorch classes. */
@NullMarked
package dev.stanstudio.engine;

import org.jspecify.annotations.NullMarked;
