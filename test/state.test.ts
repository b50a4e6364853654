import { describe, expect, it } from 'vitest';
import { readyStateOf, transition, type Phase, type Signal } from '../src/state.ts';

const phases: Phase[] = ['connecting', 'open', 'waiting', 'closed'];
const signals: Signal[] = ['announce', 'reestablish', 'fail', 'elapsed', 'reconnect', 'close'];

describe('the table of states', () => {
  it('answers every signal in every phase as designed', () => {
    const cell = (phase: Phase, signal: Signal) => {
      const next = transition(phase, signal);
      return next === undefined ? '·' : `→ ${next.join(' · ')}`;
    };
    const rows = phases.map((phase) => [phase, ...signals.map((signal) => cell(phase, signal))]);
    const lost = '→ waiting · release · wait · fire error';
    const failed = '→ closed · release · fire error';
    const again = '→ connecting · release · fetch';
    const closed = '→ closed · release';
    expect(rows).toEqual([
      ['connecting', '→ open · read · fire open', lost, failed, '·', again, closed],
      ['open', '·', lost, failed, '·', again, closed],
      ['waiting', '·', '·', '·', '→ connecting · fetch', again, closed],
      ['closed', '·', '·', '·', '·', '·', '·'],
    ]);
  });

  it('never leaves closed', () => {
    for (const signal of signals) expect(transition('closed', signal)).toBeUndefined();
  });

  it('releases whatever runs before it fetches again, waits or closes', () => {
    const leaving = (['connecting', 'open'] as const).flatMap((phase) =>
      signals.map((signal) => transition(phase, signal)),
    );
    const ends = leaving.filter((next) => next !== undefined && next[0] !== 'open');
    expect(ends).toHaveLength(8);
    for (const next of ends) expect(next?.[1]).toBe('release');
  });

  it('fires only after everything else is settled', () => {
    for (const phase of phases) {
      for (const signal of signals) {
        const [, ...effects] = transition(phase, signal) ?? [phase];
        const fires = effects.filter((effect) => effect.startsWith('fire'));
        expect(effects.slice(effects.length - fires.length)).toEqual(fires);
      }
    }
  });

  it('shows waiting as CONNECTING', () => {
    expect(phases.map(readyStateOf)).toEqual([0, 1, 0, 2]);
  });
});
