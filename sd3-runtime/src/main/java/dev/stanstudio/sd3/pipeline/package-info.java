/** From a request to pictures: noise, sampling, guidance, decoding, and what is told on the way. */
@NullMarked
package dev.stanstudio.sd3.pipeline;

import org.jspecify.annotations.NullMarked;
