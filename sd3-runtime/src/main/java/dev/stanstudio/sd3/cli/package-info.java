/** The commands of the runtime: generate, doctor, bench. */
@NullMarked
package dev.stanstudio.sd3.cli;

import org.jspecify.annotations.NullMarked;
