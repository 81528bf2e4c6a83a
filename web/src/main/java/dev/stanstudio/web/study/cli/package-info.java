/** The commands of studies. */
@NullMarked
package dev.stanstudio.web.study.cli;

import org.jspecify.annotations.NullMarked;
