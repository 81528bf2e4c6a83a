/**
 * The statistics of comparisons that people vote on, in double precision and without any knowledge
 * of studies.
 */
@NullMarked
package dev.stanstudio.web.study.stats;

import org.jspecify.annotations.NullMarked;
