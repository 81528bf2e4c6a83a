/**
 * Reading and writing of safetensors files, without a tensor engine: headers, sharded checkpoints,
 * raw tensor bytes and the number formats they hold.
 */
@NullMarked
package dev.stanstudio.safetensors;

import org.jspecify.annotations.NullMarked;
