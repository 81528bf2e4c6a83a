/** What features of an adapter stand for: statistics, figures and pictures. */
@NullMarked
package dev.stanstudio.adapter.analysis;

import org.jspecify.annotations.NullMarked;
