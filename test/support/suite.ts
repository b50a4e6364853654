import '../suite/cases.js';
import '../suite/cases-requests.js';
import '../suite/cases-stream.js';
import '../suite/suite.js';

/** What `suite/suite.js` defines on the global object. */
interface Suite {
  cases: { name: string; only?: 'page'; needs?: 'eventStream' }[];
  run(context: object): Promise<{ name: string; result: string }[]>;
}

export const { cases, run } = (globalThis as unknown as { everysourceSuite: Suite }).everysourceSuite;
