/** The numbers of a scoring as one page. */
@NullMarked
package dev.stanstudio.scoring.report;

import org.jspecify.annotations.NullMarked;
