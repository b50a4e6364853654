/**
 * Real keys and a real click, wherever the focus is. Vitest's own commands first look for the frame of the test, and give the
 * focus back to it.
 */
import type { Page } from 'playwright';
import type { BrowserCommand } from 'vitest/node';
import type { Browser } from 'webdriverio';

declare module 'vitest/browser' {
  interface BrowserCommands {
    press: (keys: string[]) => Promise<void>;
    clickAt: (x: number, y: number) => Promise<void>;
    prefer: (scheme: 'dark' | null) => Promise<void>;
  }
}

/** As WebDriver calls them. */
const special: Record<string, string> = { Tab: '\uE004', Enter: '\uE007' };

type Context = { page?: Page; browser?: Browser };

/** Presses keys one after another: characters, `Tab`, `Enter`. */
export const press: BrowserCommand<[keys: string[]]> = async (context, keys) => {
  const { page, browser } = context as Context;
  if (page !== undefined) for (const key of keys) await page.keyboard.press(key);
  const action = browser?.action('key');
  for (const key of keys) action?.down(special[key] ?? key).up(special[key] ?? key);
  await action?.perform(true);
};

/** Clicks at a place of the frame of the test. Only for WebKit. */
export const clickAt: BrowserCommand<[x: number, y: number]> = async (context, x, y) => {
  const { browser } = context as Context;
  await browser?.action('pointer').move({ x, y }).down().up().perform(true);
};

/** What the user likes better, light or dark; `null` is the browser's own. Only for Chromium. */
export const prefer: BrowserCommand<[scheme: 'dark' | null]> = async (context, scheme) => {
  await (context as Context).page?.emulateMedia({ colorScheme: scheme });
};
