/** For how long a process was held up: whoever is may take a live server for a silent one. */

/** How often is looked. Milliseconds. */
const BEAT = 20;

/** @typedef {{ at: number, late: number }} Beat a timer that was late by so many milliseconds when it came */

export function watchLag() {
  /** @type {Beat[]} */
  const beats = [];
  let last = Date.now();
  const timer = setInterval(() => {
    const late = Date.now() - last - BEAT;
    last += BEAT + late;
    if (late > 0) beats.push({ at: last, late });
  }, BEAT);
  return { beats, stop: () => clearInterval(timer) };
}

/** How late the timers were, all in all, between two times. @param {Beat[]} beats @param {number} from @param {number} to */
export function lateBetween(beats, from, to) {
  const within = beats.filter(({ at, late }) => at > from && at - late < to);
  return within.reduce((sum, { late }) => sum + late, 0);
}
