/** The web server that all pages share: start and stop, access, errors, layout and assets. */
@NullMarked
package dev.stanstudio.web.server;

import org.jspecify.annotations.NullMarked;
