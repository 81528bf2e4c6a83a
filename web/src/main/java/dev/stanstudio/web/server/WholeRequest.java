package dev.stanstudio.web.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** A request whose body lies in memory. */
final class WholeRequest extends Request.Wrapper {
    private final byte[] body;
    private boolean read;

    WholeRequest(Request request, byte[] body) {
        super(request);
        this.body = body;
    }

    @Override
    public long getLength() {
        return body.length;
    }

    @Override
    public Content.Chunk read() {
        if (read || body.length == 0) {
            return Content.Chunk.EOF;
        }
        read = true;
        return Content.Chunk.from(ByteBuffer.wrap(body), true);
    }

    @Override
    public void demand(Runnable demandCallback) {
        getComponents().getExecutor().execute(demandCallback);
    }
}
