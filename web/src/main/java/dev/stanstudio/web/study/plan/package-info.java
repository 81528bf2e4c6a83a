/** What a study asks of whom, written down before the first vote. */
@NullMarked
package dev.stanstudio.web.study.plan;

import org.jspecify.annotations.NullMarked;
