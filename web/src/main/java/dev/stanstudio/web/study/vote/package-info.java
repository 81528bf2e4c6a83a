/** What voters see and send. Nothing in this package's answers depends on a method. */
@NullMarked
package dev.stanstudio.web.study.vote;

import org.jspecify.annotations.NullMarked;
