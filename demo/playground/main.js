/** The playground: wires the form to a session, and the session to what is shown. */
import { byId, setText } from './elements.js';
import { forgetEvents, initEventList, showEvents } from './event-list.js';
import { initForm, showControls } from './form.js';
import { Journal } from './journal.js';
import { hasNative, runNative } from './native.js';
import { showChanges, showComparison, showErrors, showState } from './readouts.js';
import { knownTypes, Session } from './session.js';
import { tapFetch } from './tap.js';
import { drawTimeline } from './timeline.js';

/** Milliseconds for a frame to come where the browser draws none, as in a frame that is scrolled out of view. */
const LONGEST_FRAME = 100;

/** Lets the page draw, and answer to what was clicked and typed. A hidden page draws nothing, and its timers are slow. */
async function turn() {
  if (document.hidden) return;
  await new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, LONGEST_FRAME);
  });
}

const tap = tapFetch(globalThis, turn);
const journal = new Journal();
/** @type {Session | undefined} */
let session;
/** @type {import('./native.js').NativeRun | undefined} */
let native;
const compare = byId('compare', HTMLInputElement);
const compareNote = byId('compare-note', HTMLElement);

const isRunning = () => journal.state !== 'idle' && journal.state !== 'closed';

let isScheduled = false;

/** Shows what is known, at most once per frame; in a hidden page, where there are no frames, once it is shown again. */
function refresh() {
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => {
    isScheduled = false;
    const now = Date.now();
    const lastEventId = session?.source.lastEventId ?? '';
    // First, since it measures what the others change.
    drawTimeline(journal, now);
    showControls(journal.state, native !== undefined && native.account.readyState !== EventSource.CLOSED);
    showState(journal, lastEventId, now);
    showEvents(journal);
    showErrors(journal);
    showChanges(journal);
    showComparison(journal, lastEventId, native?.account);
  });
}

function stopNative() {
  native?.close();
  native = undefined;
}

/** Starts the browser's own source beside ours, if it is wanted and ours is running. */
function startNative() {
  stopNative();
  if (!compare.checked || session === undefined || !isRunning()) return;
  const { url, withCredentials } = session.source;
  const run = runNative(url, { withCredentials, types: knownTypes, onChange: refresh });
  native = run;
  session.onType(run.listenTo);
}

initForm({
  connect(settings) {
    session?.close();
    session = new Session(settings, { journal, tap, onChange: refresh });
    forgetEvents(journal);
    startNative();
    refresh();
  },
  close() {
    session?.close();
    native?.close();
    refresh();
  },
  reconnect: () => session?.reconnect(),
});
initEventList(journal, refresh);

compare.addEventListener('change', () => {
  startNative();
  refresh();
});
if (!hasNative) {
  compare.disabled = true;
  setText(compareNote, 'This browser has no class of its own.');
}

/** Milliseconds after the last change in which the picture still moves, and between two moves. */
const PICTURE_MOVES = 61_000;
const TICK = 100;
setInterval(() => {
  if (isRunning() || Date.now() - journal.history.latest < PICTURE_MOVES) refresh();
}, TICK);
addEventListener('resize', refresh);
refresh();
