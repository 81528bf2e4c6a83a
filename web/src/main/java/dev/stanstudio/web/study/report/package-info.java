/** A study's result as text, tables and files. */
@NullMarked
package dev.stanstudio.web.study.report;

import org.jspecify.annotations.NullMarked;
