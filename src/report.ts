/** What becomes of an exception in the caller's code that must not stop a stream. */

/** A function of the caller's that can throw without harm to the stream: it is reported, as for a listener. */
export function callback<Argument>(call: (argument: Argument) => void): (argument: Argument) => void {
  return (argument) => {
    try {
      call(argument);
    } catch (error) {
      reportException(error);
    }
  };
}

/** "Report an exception" where the platform has no `reportError`: an uncaught error in a job of its own. */
export function reportException(error: unknown): void {
  if (globalThis.reportError) return globalThis.reportError(error);
  queueMicrotask(() => {
    throw error;
  });
}
