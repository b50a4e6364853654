/**
 * What work may cost, in seconds of CPU time: several times what was seen with Node 20 in 2026-11 on a machine of 2 cores, so that another
 * machine, and a busy one, keeps to it. What is quadratic, or spins, does not.
 */
const cost = {
  /** To decode, search and join it: seen 1 ns. */
  bytes: 10e-9,
  /** To cut a line and look at its field: seen 0.1 µs. */
  lines: 1e-6,
  /** To make and dispatch an event, or to await it: seen 0.3 to 0.5 µs. */
  events: 4e-6,
  /** To read what has come: seen 1 µs. */
  chunks: 10e-6,
  /** An attempt: seen 2 ms. */
  attempts: 0.05,
};

/** To load and compile the package, and what is measured inexactly: seen 0.1 s. */
const LEAST = 0.5;

/** @param {Partial<Record<keyof typeof cost, number>>} amounts */
export function workOf(amounts) {
  return Object.entries(amounts).reduce(
    (sum, [unit, amount]) => sum + amount * cost[/** @type {keyof typeof cost} */ (unit)],
    LEAST,
  );
}
