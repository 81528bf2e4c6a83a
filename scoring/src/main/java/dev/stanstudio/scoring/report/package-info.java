/** Commands that score pictures, and the report of a scoring as one page. */
@NullMarked
package dev.stanstudio.scoring.report;

import org.jspecify.annotations.NullMarked;
