import { describe, expect, it } from 'vitest';
import type { Report, Task } from './client.js';
import { explain } from './explain.js';
import type { Connection } from './lab.js';

type Attempt = Report['attempts'][number];
interface Story {
  task?: Partial<Task>;
  attempts?: Attempt[];
  errors?: Report['errors'];
  connections?: Connection[];
  absences?: { from: number; to: number }[];
  unanswered?: number[];
  beats?: Report['beats'];
  rests?: Report['rests'];
}

const connection = (attempt: number, kind: string, more: Partial<Connection> = {}): Connection => ({
  kind,
  closes: true,
  attempt,
  lastEventId: '',
  isElsewhere: false,
  hasToken: false,
  ...more,
});

/** What a source is told that gets nothing until its last attempt. */
const attemptsOf = (...told: [at: number, reason: string | undefined][]): Attempt[] =>
  told.map(([at, reason]) => ({ at, reason, lastEventId: '', received: 0 }));

const errorsOf = (attempts: Attempt[]): Report['errors'] =>
  attempts.slice(1).map(({ reason }, index) => ({ attempt: index + 1, reason: `${reason}` }));

function explained({
  task,
  attempts = [],
  errors = errorsOf(attempts),
  connections = [],
  absences = [],
  unanswered = [],
  beats = [],
  rests = [],
}: Story) {
  const whole = { how: 'source', url: 'http://localhost/events', total: 1, hasToken: false, ...task };
  const report = { received: 1, attempts, errors, problems: [], beats, rests };
  return explain(whole, report, { connections, absences, unanswered }, [], {});
}

const problems = (story: Story) => explained(story).problems;

/** One attempt that hangs in its body, from 100 ms on, and another one. */
const hang = (end: number, reason = 'idle'): Story => ({
  attempts: attemptsOf([0, undefined], [end, reason]),
  connections: [connection(1, 'hang', { place: 'id line', silentAt: 100 }), connection(2, 'nothing')],
});

describe('a right report', () => {
  it('has no problems, whatever happened to its connections', () => {
    const ends: [at: number, reason: string | undefined, kind: string, more?: Partial<Connection>][] = [
      [0, undefined, 'rst', { place: 'head' }],
      [10, 'network', 'hang', { place: 'elsewhere', silentAt: 20 }],
      [1030, 'idle', 'hang', { place: 'head', silentAt: 1035 }],
      [2040, 'connect-timeout', 'hang before the head'],
      [3050, 'connect-timeout', 'status 429', { retryAt: 4050 }],
      [4060, 'status', 'unfinished event'],
      [4070, 'end-of-body', 'nothing'],
    ];
    const story = {
      attempts: attemptsOf(...ends.map(([at, reason]): [number, string | undefined] => [at, reason])),
      connections: ends.map(([, , kind, more], index) => connection(index + 1, kind, more)),
    };
    expect(explained(story)).toEqual({ problems: [], notes: [] });
  });
});

describe('silence', () => {
  it('is right after its limit', () => {
    expect(problems(hang(1101))).toEqual([]);
  });

  it('is a problem when it is noticed before its limit', () => {
    expect(problems(hang(433))).toContain('attempt 1: idle, but lasted 433 ms');
    expect(problems(hang(1050))).toEqual(['attempt 1: idle after 950 ms']);
  });

  it('is a problem when a connection times out before its limit', () => {
    const story = (end: number) => ({
      attempts: attemptsOf([0, undefined], [end, 'connect-timeout']),
      connections: [connection(1, 'hang before the head'), connection(2, 'nothing')],
    });
    expect(problems(story(1001))).toEqual([]);
    expect(problems(story(334))).toContain('attempt 1: connect-timeout, but lasted 334 ms');
  });

  it('is a problem when it is noticed too late, unless its client was held up or rested', () => {
    const beats = [{ at: 2500, late: 1500 }];
    expect(problems(hang(2500))).toEqual(['attempt 1: idle after 2400 ms']);
    expect(problems({ ...hang(2500), beats })).toEqual([]);
    expect(problems({ ...hang(2500), rests: beats })).toEqual([]);
  });

  it('is a problem where there was none, unless its client was held up', () => {
    const story = { ...hang(1101), connections: [connection(1, 'drip'), connection(2, 'nothing')] };
    expect(problems(story)).toEqual(['attempt 1: drip, whole, ended with idle']);
    expect(explained({ ...story, beats: [{ at: 1000, late: 300 }] })).toEqual({
      problems: [],
      notes: ['held up'],
    });
  });

  it('is not excused below its limit when its client was held up', () => {
    expect(problems({ ...hang(433), beats: [{ at: 400, late: 300 }] })).toEqual([
      'attempt 1: idle, but lasted 433 ms',
    ]);
  });

  it('has one reason before the head, and another one behind it', () => {
    expect(problems(hang(1101, 'connect-timeout'))).toEqual([
      'attempt 1: hang, id line, ended with connect-timeout',
    ]);
  });
});

describe('a missing connection', () => {
  const story: Story = {
    attempts: attemptsOf([0, undefined], [10, 'end-of-body'], [20, 'network']),
    connections: [connection(1, 'nothing'), connection(3, 'nothing')],
  };

  it('is a problem', () => {
    expect(problems(story)).toEqual(['attempt 2: no connection, ended with network']);
  });

  it('is explained where nobody listens', () => {
    const absences = [{ from: 5, to: 15 }];
    expect(explained({ ...story, absences })).toEqual({ problems: [], notes: ['nobody listens'] });
  });

  it('is explained when it was this attempt that asked on a connection which closed', () => {
    const notes = ['kept connection closes'];
    expect(explained({ ...story, unanswered: [2] })).toEqual({ problems: [], notes });
    expect(problems({ ...story, unanswered: [1, 3] })).toEqual([
      'attempt 2: no connection, ended with network',
    ]);
  });
});

describe('a report', () => {
  it('is wrong when an attempt asks for another event than the next', () => {
    const [first, second] = attemptsOf([0, undefined], [10, 'network']);
    const story = (lastEventId: string) => ({
      attempts: [first!, { ...second!, received: 7, lastEventId }],
      connections: [connection(1, 'fin', { place: 'id line' }), connection(2, 'nothing', { lastEventId })],
    });
    expect(problems(story('7'))).toEqual([]);
    expect(problems(story('6'))).toContain('attempt 2: asks for what follows 6, after 7');
  });

  it('is wrong when the header of a caller goes to another origin, or is missing', () => {
    const story = (isSent: boolean, isSentElsewhere: boolean): Story => ({
      task: { hasToken: true },
      attempts: attemptsOf([0, undefined]),
      connections: [
        connection(1, 'redirect to another origin', { hasToken: isSent }),
        connection(1, 'nothing', { isElsewhere: true, hasToken: isSentElsewhere }),
      ],
    });
    const problem = "attempt 1: the caller's header is missing, or went to another origin";
    expect(problems(story(true, false))).toEqual([]);
    expect(problems(story(true, true))).toEqual([problem]);
    expect(problems(story(false, false))).toEqual([problem]);
  });

  it('is wrong when an error event is missing, or has another reason', () => {
    expect(problems({ ...hang(1101), errors: [] })).toEqual([
      '0 error events for 1 attempts, or not in order',
    ]);
    const errors = [{ attempt: 1, reason: 'network' }];
    expect(problems({ ...hang(1101), errors })).toHaveLength(1);
  });

  it('is wrong when it follows before Retry-After', () => {
    const story = {
      attempts: attemptsOf([0, undefined], [900, 'status']),
      connections: [connection(1, 'status 429', { retryAt: 1000 }), connection(2, 'nothing')],
    };
    expect(problems(story)).toEqual(['attempt 1: followed 100 ms before Retry-After']);
  });

  it('is wrong when a connection belongs to none of its attempts', () => {
    const story = { attempts: attemptsOf([0, undefined]), connections: [connection(1, 'nothing')] };
    expect(problems({ ...story, connections: [...story.connections, connection(2, 'nothing')] })).toEqual([
      'connections that belong to no attempt',
    ]);
  });
});
