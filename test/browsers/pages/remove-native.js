/** Makes this a browser without the class. */
delete globalThis.EventSource;
