/** What training asks a collection for: selected pictures with captions, framed. */
@NullMarked
package dev.stanstudio.datasets.sample;

import org.jspecify.annotations.NullMarked;
