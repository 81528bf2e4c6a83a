/** Which modules of a transformer an adapter changes. */
@NullMarked
package dev.stanstudio.adapter.targets;

import org.jspecify.annotations.NullMarked;
