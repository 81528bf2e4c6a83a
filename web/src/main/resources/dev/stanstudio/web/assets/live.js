// Server-sent events.

/** Until a connection that the browser has given up is opened again. */
const AGAIN = 2000;

/** Calls a handler with the data of each event of its name, until the page goes away. */
export function listen(path, handlers) {
  let events = null;
  let left = false;
  const open = () => {
    if (left) return;
    events = new EventSource(path);
    for (const [name, handle] of Object.entries(handlers)) {
      events.addEventListener(name, (event) => handle(event.data));
    }
    // Browsers try again where nobody answers, but not where a proxy says that the server is gone.
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(open, AGAIN);
    });
  };
  open();
  addEventListener("pagehide", () => {
    left = true;
    events.close();
  });
}

/** Listens to events whose data is JSON; `open` and `error` have none. */
export function listenJson(path, handlers) {
  const parsed = {};
  for (const [name, handle] of Object.entries(handlers)) {
    parsed[name] = (data) => handle(data === undefined ? undefined : JSON.parse(data));
  }
  listen(path, parsed);
}
