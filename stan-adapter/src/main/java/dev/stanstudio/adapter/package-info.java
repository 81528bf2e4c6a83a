/** What all kinds of adapters share: the modules they can change and the match against a model. */
@NullMarked
package dev.stanstudio.adapter;

import org.jspecify.annotations.NullMarked;
