/** Analysis of an adapter's features: statistics, figures and pictures. */
@NullMarked
package dev.stanstudio.adapter.analysis;

import org.jspecify.annotations.NullMarked;
