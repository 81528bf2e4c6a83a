/** The command that runs the server. */
@NullMarked
package dev.stanstudio.web.server.cli;

import org.jspecify.annotations.NullMarked;
