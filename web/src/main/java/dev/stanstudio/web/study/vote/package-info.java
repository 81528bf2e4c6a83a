/** Pages of voters. No answer of this package depends on a method. */
@NullMarked
package dev.stanstudio.web.study.vote;

import org.jspecify.annotations.NullMarked;
