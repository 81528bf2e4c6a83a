package dev.stanstudio.sd3.text;

import dev.stanstudio.base.Closing;
import dev.stanstudio.engine.Scope;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Encoded prompts by the adapters that the encoders had, least recently used first out. Callers get
 * handles of their own, so that an entry may be dropped while a request still uses it. Thread-safe.
 */
final class PromptCache implements AutoCloseable {
    private static final long CAPACITY = 256L << 20;

    private record Key(Prompt prompt, PromptEncoder.Reading reading, String adapters) {}

    private record Entry(PromptEmbeds embeds, Scope scope) {}

    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private boolean closed;

    PromptEmbeds get(
            Scope owner,
            Prompt prompt,
            PromptEncoder.Reading reading,
            String adapters,
            Function<Scope, PromptEmbeds> compute) {
        Key key = new Key(prompt, reading, adapters);
        synchronized (entries) {
            Entry known = entries.get(key);
            if (known != null) {
                return known.embeds().share(owner);
            }
        }
        PromptEmbeds fresh = compute.apply(owner);
        put(key, fresh);
        return fresh;
    }

    private void put(Key key, PromptEmbeds fresh) {
        synchronized (entries) {
            if (closed || entries.containsKey(key)) {
                return;
            }
            Scope scope = Scope.open("cached prompt");
            entries.put(key, new Entry(fresh.share(scope), scope));
            bytes += fresh.bytes();
            Iterator<Map.Entry<Key, Entry>> oldest = entries.entrySet().iterator();
            while (bytes > CAPACITY && oldest.hasNext()) {
                Entry dropped = oldest.next().getValue();
                bytes -= dropped.embeds().bytes();
                oldest.remove();
                dropped.scope().close();
            }
        }
    }

    @Override
    public void close() {
        synchronized (entries) {
            closed = true;
            List<Scope> scopes = entries.values().stream().map(Entry::scope).toList();
            entries.clear();
            bytes = 0;
            Closing.all(scopes);
        }
    }
}
