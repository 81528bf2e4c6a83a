/** Decisions by lot that do not depend on the order in which they are taken. */
@NullMarked
package dev.stanstudio.datasets.chance;

import org.jspecify.annotations.NullMarked;
