/** The commands {@code generate} and {@code doctor}. */
@NullMarked
package dev.stanstudio.sd3.generate;

import org.jspecify.annotations.NullMarked;
