// Server-sent events.

/** Calls a handler with the data of each event of its name, until the page goes away. */
export function listen(path, handlers) {
  const events = new EventSource(path);
  for (const [name, handle] of Object.entries(handlers)) {
    events.addEventListener(name, (event) => handle(event.data));
  }
  addEventListener("pagehide", () => events.close());
}

/** Listens to events whose data is JSON; `open` and `error` have none. */
export function listenJson(path, handlers) {
  const parsed = {};
  for (const [name, handle] of Object.entries(handlers)) {
    parsed[name] = (data) => handle(data === undefined ? undefined : JSON.parse(data));
  }
  listen(path, parsed);
}
