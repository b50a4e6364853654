/** Whatever can be seen of a message event. Two classes that show the same cannot be told apart. */

/** Calls, and gives the error instead if there is one. @param {() => unknown} call */
function outcome(call) {
  try {
    return call();
  } catch (error) {
    return `throws ${/** @type {Error} */ (error).name}`;
  }
}

/**
 * Each takes an event that nobody has dispatched, or that has been, and gives something to compare.
 *
 * @type {Record<string, (event: MessageEvent) => unknown>}
 */
export const observations = {
  members: ({ type, data, origin, lastEventId, source }) => [type, data, origin, lastEventId, source],
  ports: ({ ports }) => [Array.isArray(ports), ports.length],
  'the same ports': (event) => event.ports === event.ports,
  flags: ({ bubbles, cancelable, composed, defaultPrevented, returnValue, cancelBubble }) => [
    bubbles,
    cancelable,
    composed,
    defaultPrevented,
    returnValue,
    cancelBubble,
  ],
  'its time': ({ timeStamp }) => timeStamp > 0,
  classes: (event) => [event instanceof MessageEvent, event instanceof Event],
  'its class': ({ constructor }) => constructor === MessageEvent,
  tag: (event) => Object.prototype.toString.call(event),
  // Not `Object.keys`, which leaves `isTrusted` out for any subclass of `Event` in Firefox (153, 2026-11).
  'own properties': (event) => Object.getOwnPropertyNames(event),
  JSON: (event) => JSON.stringify({ ...event, isTrusted: 0 }),
  'user activation': (event) => /** @type {{ userActivation?: null }} */ (event).userActivation,
  'what is in it': (event) =>
    ['data', 'origin', 'lastEventId', 'source', 'ports', 'type', 'target'].map((name) => name in event),
  writing: (event) =>
    ['data', 'origin', 'lastEventId', 'source', 'ports', 'type'].map((name) =>
      outcome(() => Object.assign(event, { [name]: 'other' })[/** @type {'data'} */ (name)]),
    ),
  'as the pattern of another': (event) => {
    const { type, data, origin, lastEventId, bubbles } = new MessageEvent(
      'copy',
      /** @type {object} */ (event),
    );
    return [type, data, origin, lastEventId, bubbles];
  },
  'a clone of it': (event) => outcome(() => structuredClone(event) && 'cloned'),

  'a second dispatch': (event) => {
    const target = new EventTarget();
    /** @type {unknown[]} */
    const log = [];
    target.addEventListener(event.type, () => log.push('once'), { once: true });
    target.addEventListener(event.type, () => log.push('capture'), { capture: true });
    target.addEventListener(event.type, (each) => (each.preventDefault(), log.push(each.defaultPrevented)), {
      passive: true,
    });
    target.addEventListener(event.type, { handleEvent: (each) => log.push(each === event, each.eventPhase) });
    target.addEventListener(event.type, (each) =>
      log.push(each.composedPath().length, each.target === target, each.currentTarget === target),
    );
    log.push(target.dispatchEvent(event), event.currentTarget, event.target === target, event.isTrusted);
    target.addEventListener(event.type, (each) => each.stopImmediatePropagation(), { capture: true });
    log.push(target.dispatchEvent(event));
    return log;
  },
};
