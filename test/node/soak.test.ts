import { describe, expect, it } from 'vitest';
import { CYCLES, HIGHEST_RATE, blockOf, ratesOf, sentAt } from '../../bench/soak-plan.js';
import { checksOf, checksOfFlatness, flatnessOf, type Result, type Row } from '../../bench/soak-report.js';

/** Half an hour whose heap is what a function says of the minute. */
const rowsOf = (heapAt: (minute: number) => number): Row[] =>
  Array.from({ length: 10 * CYCLES }, (_, at) => ({
    second: 10 * (at + 1),
    duration: 10,
    events: 100,
    reconnections: 1,
    heap: heapAt(at / 6),
    external: 0,
    rss: 100e6,
    handles: 3000,
    sockets: 2000,
    timers: 1000,
  }));

const isFlat = (heapAt: (minute: number) => number) =>
  checksOfFlatness(flatnessOf(rowsOf(heapAt), 30), true)[0]?.isGood;

describe('a soak run', () => {
  it('compares the first third after five minutes with the last', () => {
    const { early, late } = flatnessOf(
      rowsOf((minute) => minute),
      30,
    ).heap;
    expect(early).toBeCloseTo(5 + 25 / 6);
    expect(late).toBeCloseTo(30 - 25 / 6);
  });

  it('is not flat when its heap grows by 5 kB a second', () => {
    expect(isFlat((minute) => 40e6 + minute * 300e3)).toBe(false);
  });

  it('is not misled by a load that comes and goes with the cycles', () => {
    const perCycle = 30 / CYCLES;
    expect(isFlat((minute) => 40e6 + 20e6 * ((minute % perCycle) / perCycle))).toBe(true);
  });

  it('has the same rates with the same seed, with nothing and the most among them', () => {
    expect(ratesOf(1)).toEqual(ratesOf(1));
    expect(ratesOf(1)).not.toEqual(ratesOf(2));
    expect(ratesOf(1)).toContain(0);
    expect(ratesOf(1)).toContain(HIGHEST_RATE);
  });

  it('knows the event that has to come next from any other', () => {
    const [id, data] = blockOf(3, 7, 1.5).trim().split('\n');
    const event = { data: data!.slice('data: '.length), lastEventId: id!.slice('id: '.length) };
    expect(sentAt(event, { stream: 3, number: 7 })).toBe(1.5);
    expect(sentAt(event, { stream: 3, number: 6 })).toBeUndefined();
    expect(sentAt(event, { stream: 2, number: 7 })).toBeUndefined();
    expect(sentAt({ ...event, lastEventId: '8' }, { stream: 3, number: 7 })).toBeUndefined();
    expect(
      sentAt({ ...event, data: event.data.replace('xx', 'x') }, { stream: 3, number: 7 }),
    ).toBeUndefined();
  });

  it('fails when an event is missing, when something went wrong, and when the client does not end', () => {
    const good: Result = {
      rows: rowsOf(() => 1),
      state: { requests: 3, cuts: { fin: 1 }, last: [4, 5] },
      open: 0,
      report: { seen: { events: 9, heartbeats: 1, ends: {} }, wrong: {} },
      end: 5,
    };
    const { seen } = good.report!;
    const isGood = (result: Partial<Result>) =>
      checksOf({ ...good, ...result }, 30).every((check) => check.isGood);
    expect(isGood({})).toBe(true);
    expect(isGood({ report: { seen: { ...seen, events: 8 }, wrong: {} } })).toBe(false);
    expect(isGood({ report: { seen, wrong: { warning: { times: 1, first: 'a leak' } } } })).toBe(false);
    expect(isGood({ report: undefined })).toBe(false);
    expect(isGood({ open: 1 })).toBe(false);
    expect(isGood({ end: undefined })).toBe(false);
    expect(isGood({ rows: good.rows.slice(0, -1) })).toBe(false);
  });
});
