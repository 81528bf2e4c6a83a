// What a page remembers: for the tab, or for the browser. Private windows may keep nothing.

const keeper = (name) => {
  try {
    return window[name];
  } catch (e) {
    return null;
  }
};

/** Reads and writes JSON in one of the browser's stores. */
const memory = (store) => ({
  read(key) {
    try {
      return JSON.parse(store.getItem(key));
    } catch (e) {
      return null;
    }
  },
  write(key, value) {
    try {
      store.setItem(key, JSON.stringify(value));
    } catch (e) {
      // Then it is forgotten with the page.
    }
  },
});

/** Ends with the tab. */
export const ofTab = memory(keeper("sessionStorage"));

/** Stays in the browser. */
export const ofBrowser = memory(keeper("localStorage"));
