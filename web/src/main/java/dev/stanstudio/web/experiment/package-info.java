/** Experiments that need several modules. */
@NullMarked
package dev.stanstudio.web.experiment;

import org.jspecify.annotations.NullMarked;
