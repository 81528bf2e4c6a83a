/** From a request to pictures: noise, sampling, guidance, decoding, and progress events. */
@NullMarked
package dev.stanstudio.sd3.pipeline;

import org.jspecify.annotations.NullMarked;
