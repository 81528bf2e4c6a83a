/** Failures, files and numbers that every module uses. */
@NullMarked
package dev.stanstudio.base;

import org.jspecify.annotations.NullMarked;
