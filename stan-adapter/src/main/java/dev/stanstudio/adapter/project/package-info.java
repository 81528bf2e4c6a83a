/** Changes of projections by adapters: one program for all kinds, and adapters as its data. */
@NullMarked
package dev.stanstudio.adapter.project;

import org.jspecify.annotations.NullMarked;
