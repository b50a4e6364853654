import { describe, expect, it } from 'vitest';
import { nativeRules, peak, simulate } from '../../bench/fleet-model.js';
import * as rules from '../../src/reconnection.ts';

/** Enough clients for the chance of a single second to stay within 2 %. */
const fleet = { clients: 200_000, seed: 1 };
const native = simulate(nativeRules(rules), {}, fleet);
const ours = simulate(rules, {}, fleet);
const spread = simulate(rules, { spread: 30_000 }, fleet);

describe('a fleet that loses its server for a minute', () => {
  it('returns as one, every three seconds, when it consists of browsers', () => {
    expect(peak(native.first)).toBe(fleet.clients);
    expect(peak(native.late)).toBe(fleet.clients);
    expect(native.total).toBe(20 * fleet.clients);
  });

  it('sends at most a fifteenth as many requests in one second after its third attempts', () => {
    expect(peak(native.late) / peak(ours.late)).toBeGreaterThanOrEqual(15);
  });

  it('sends less than a third as many requests in all', () => {
    expect(native.total / ours.total).toBeGreaterThan(3);
  });

  it('sends at most a tenth as many first requests in one second with a spread of 30 s', () => {
    expect(peak(native.first) / peak(spread.first)).toBeGreaterThanOrEqual(10);
  });

  it('sends at most a tenth as many requests of any kind in one second with a spread of 30 s', () => {
    expect(peak(native.all) / peak(spread.all)).toBeGreaterThanOrEqual(10);
  });

  it('is back within the longest wait', () => {
    for (const { allBackAt } of [ours, spread]) expect(allBackAt).toBeLessThan(60_000 + 33_000 + 10);
  });

  it('does the same again with the same seed, and not with another', () => {
    expect(simulate(rules, {}, fleet)).toEqual(ours);
    expect(simulate(rules, {}, { ...fleet, seed: 2 })).not.toEqual(ours);
  });
});
