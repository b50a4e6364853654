import { inject, onTestFinished } from 'vitest';
import { commands } from 'vitest/browser';

export const isWebKit = /AppleWebKit\/(?!537\.36)/.test(navigator.userAgent);

/** An event as the list shows it. */
export interface Row {
  type: string;
  id: string;
  time: string;
  data: string;
}

type Answer = { id: unknown; result?: unknown; error?: string };

/** Opens the playground on its own origin, in a frame that does what it is asked for by `playground-driver.js`. */
export async function openPlayground() {
  const frame = document.createElement('iframe');
  // In sight, since a browser draws nothing of a frame that is not.
  frame.style.cssText = 'position: fixed; inset: 0 auto auto 0; width: 1400px; height: 720px; border: 0';
  const pending = new Map<unknown, (answer: Answer) => void>();
  const onMessage = ({ source, data }: MessageEvent<Answer>) => {
    if (source === frame.contentWindow) pending.get(data.id)?.(data);
  };
  addEventListener('message', onMessage);
  onTestFinished(() => {
    removeEventListener('message', onMessage);
    frame.remove();
  });
  const ready = new Promise<Answer>((resolve) => pending.set('ready', resolve));
  frame.src = `${inject('demoOrigin')}/driver.html`;
  document.body.append(frame);
  await ready;

  let count = 0;
  const ask = <Result = void>(command: string, ...args: unknown[]) =>
    new Promise<Result>((resolve, reject) => {
      const id = ++count;
      pending.set(id, ({ result, error }) => {
        pending.delete(id);
        if (error === undefined) resolve(result as Result);
        else reject(new Error(error));
      });
      frame.contentWindow!.postMessage({ id, command, args }, '*');
    });
  return {
    /** A real click on the heading, before which WebKit (GTK 2.50) lets nothing in a frame of another origin have the focus. */
    async touch() {
      if (isWebKit) await commands.clickAt(20, 20);
    },
    click: (name: string) => ask('click', name),
    isEnabled: (name: string) => ask<boolean>('isEnabled', name),
    fill: (label: string, value: string) => ask('fill', label, value),
    value: (label: string) => ask<string>('value', label),
    isInvalid: (label: string) => ask<boolean>('isInvalid', label),
    toggle: (label: string) => ask('toggle', label),
    focus: (label: string) => ask('focus', label),
    focused: () => ask<string>('focused'),
    text: (selector: string) => ask<string>('text', selector),
    texts: (selector: string) => ask<string[]>('texts', selector),
    count: (selector: string) => ask<number>('count', selector),
    attribute: (selector: string, name: string) => ask<string | null>('attribute', selector, name),
    style: (selector: string, property: string) => ask<string>('style', selector, property),
    events: () => ask<Row[]>('events'),
    width: (pixels: number) => ask('width', pixels),
    overflow: () => ask<number>('overflow'),
    frames: (number: number) => ask('frames', number),
    axe: () => ask<{ violations: string[]; passes: number }>('axe'),
    policyViolations: () => ask<string[]>('policyViolations'),
  };
}

export type Playground = Awaited<ReturnType<typeof openPlayground>>;

/** For `expect.poll`. */
export const patience = { timeout: 60_000, interval: 20 };

/** What the page says of its state. */
export const state = (page: Playground) => () => page.text('#state-text');
/** Asks for one of the figures. */
export const number = (page: Playground, figure: string) => async () =>
  Number((await page.text(`#figure-${figure}`)).replaceAll(',', ''));

/** Types an address and presses the button. */
export async function connect(page: Playground, address: string): Promise<void> {
  await page.fill('Address', address);
  await page.click('Connect');
}
