/** The playground for those who use the keyboard, a screen reader or a small screen. */
import { describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { connect, number, openPlayground, patience, state } from './open-playground.ts';

describe('accessibility', () => {
  it('has no violation that axe finds, before, during and after a connection', async () => {
    const page = await openPlayground();
    await page.click('Options');
    await page.click('State changes');
    const check = async () => {
      const { violations, passes } = await page.axe();
      expect(violations).toEqual([]);
      expect(passes).toBeGreaterThan(20);
    };
    await check();
    await page.toggle('Run the browser');
    await connect(page, '/feed');
    await expect.poll(() => page.count('#errors > li'), patience).toBeGreaterThan(1);
    await page.click('Pause');
    await check();
    await page.click('Close');
    await page.fill('Headers', 'wrong');
    await expect.poll(() => page.isEnabled('Connect'), patience).toBe(true);
    await page.click('Connect');
    await check();
  });

  it('has a status for the state and an alert for the form, and a list of events that stays silent', async () => {
    const page = await openPlayground();
    expect(await page.attribute('#state', 'role')).toBe('status');
    for (const id of ['alert', 'headers-error']) expect(await page.attribute(`#${id}`, 'role')).toBe('alert');
    expect(await page.attribute('#events', 'aria-live')).toBe('off');
    expect(await page.count('.scroll:not([tabindex="0"][aria-label])')).toBe(0);
  });

  it('works by keyboard alone: Enter connects, and the focus goes from Connect to Close and back', async () => {
    const page = await openPlayground();
    await page.touch();
    await page.focus('Address');
    await commands.press(['Enter']);
    await expect.poll(number(page, 'events'), patience).toBeGreaterThan(0);
    expect(await page.focused()).toBe('url');
    // Past the streams, headers, method, body, options, and what is disabled.
    for (let presses = 0; presses < 20 && (await page.focused()) !== 'close'; presses++)
      await commands.press(['Tab']);
    expect(await page.focused()).toBe('close');
    await commands.press(['Enter']);
    await expect.poll(state(page), patience).toBe('Closed');
    await expect.poll(() => page.focused(), patience).toBe('connect');
    await commands.press(['Enter']);
    await expect.poll(() => page.focused(), patience).toBe('close');
  });

  it.each([360, 768, 1280])('needs no horizontal scrolling at %d pixels', async (width) => {
    const page = await openPlayground();
    await page.width(width);
    await page.click('Options');
    await page.click('State changes');
    await page.toggle('Run the browser');
    await connect(page, '/markup');
    await expect.poll(() => page.count('#events > li'), patience).toBe(2);
    expect(await page.overflow()).toBeLessThanOrEqual(0);
    await page.click('Close');
    await expect.poll(() => page.isEnabled('Connect'), patience).toBe(true);
    await connect(page, '/feed');
    await expect.poll(() => page.count('#errors > li'), patience).toBeGreaterThan(1);
    expect(await page.overflow()).toBeLessThanOrEqual(0);
  });
});
