/** The playground for those who like it dark. Only Chromium's driver can say so. */
import { expect, it, onTestFinished } from 'vitest';
import { commands } from 'vitest/browser';
import { connect, openPlayground, patience } from './open-playground.ts';

it('has no violation that axe finds when it is dark', async () => {
  const page = await openPlayground();
  const background = () => page.style('body', 'backgroundColor');
  await page.click('Options');
  await connect(page, '/feed');
  await expect.poll(() => page.count('#errors > li'), patience).toBeGreaterThan(1);
  await page.click('Pause');
  const light = await background();
  await commands.prefer('dark');
  onTestFinished(() => commands.prefer(null));
  await expect.poll(background, patience).not.toBe(light);
  const { violations, passes } = await page.axe();
  expect([violations, passes]).toEqual([[], expect.toSatisfy((count) => count > 20)]);
});
