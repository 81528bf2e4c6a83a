/**
 * Commands that score pictures, the numbers of a scoring as sentences, and its report as one page.
 */
@NullMarked
package dev.stanstudio.scoring.report;

import org.jspecify.annotations.NullMarked;
