/** Evaluation of a study's votes, and the files of its report. */
@NullMarked
package dev.stanstudio.web.study.result;

import org.jspecify.annotations.NullMarked;
