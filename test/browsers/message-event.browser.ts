/** The messages of ours beside those of the browser's own class, both from a real connection. */
import { beforeAll, describe, expect, inject, it } from 'vitest';
import * as everysource from '../../dist/index.js';
import { observations } from '../suite/observations.js';

type Source = new (url: string) => EventTarget & { close(): void };

async function messageOf(Class: Source): Promise<MessageEvent> {
  const body = encodeURIComponent('id: 7\nevent: x\ndata: a\n\n');
  const source = new Class(`${inject('origin')}/echo?hold&body=${body}&key=${Math.random()}`);
  try {
    return await new Promise((resolve, reject) => {
      source.addEventListener('x', (event) => resolve(event as MessageEvent));
      source.addEventListener('error', () => reject(new Error('no message came')));
    });
  } finally {
    source.close();
  }
}

describe('a message event', () => {
  let ours: MessageEvent;
  let native: MessageEvent;
  beforeAll(async () => {
    [ours, native] = await Promise.all([
      messageOf(everysource.EventSource as Source),
      messageOf(EventSource),
    ]);
    // Promise jobs of a listener run while its event is still being dispatched.
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  });

  it.each(Object.entries(observations))('is like that of the native class: %s', (_, observe) => {
    expect(observe(ours)).toEqual(observe(native));
  });
});
