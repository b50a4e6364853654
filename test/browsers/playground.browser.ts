/** The playground as the demo's server serves it, driven by its controls. */
import { describe, expect, inject, it } from 'vitest';
import { commands } from 'vitest/browser';
import { connect, isWebKit, number, openPlayground, patience, state } from './open-playground.ts';

describe('a stream', () => {
  it('is shown with type, ID, time and data, resumes after each cut without a loss, and closes', async () => {
    const page = await openPlayground();
    expect(await state(page)()).toBe('Not connected');
    expect([await page.isEnabled('Close'), await page.isEnabled('Reconnect')]).toEqual([false, false]);
    await connect(page, '/feed');
    await expect.poll(() => page.count('#errors > li'), patience).toBeGreaterThanOrEqual(4);
    // A cut may take events along that have been sent; how many come between two is nobody's promise.
    await expect.poll(number(page, 'events'), patience).toBeGreaterThanOrEqual(18);
    await page.click('Close');
    await expect.poll(state(page), patience).toBe('Closed');

    const events = await page.events();
    expect(events.length).toBe(await number(page, 'events')());
    const ids = events.map(({ id }) => Number(id)).toReversed();
    expect(ids).toEqual(ids.map((_, index) => ids[0]! + index));
    expect(await page.text('#figure-last-event-id')).toBe(`${ids.at(-1)}`);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['message', 'temperature', 'humidity']));
    for (const { time } of events) expect(time).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
    const temperatures = events.filter(({ type }) => type === 'temperature');
    for (const { data } of temperatures) expect(data).toMatch(/^\{\n {2}"celsius": [\d.]+\n\}$/);

    const reasons = new Set(await page.texts('#errors .reason'));
    // WebKit (GTK 2.50) reports a cut as a clean end.
    expect(reasons).toEqual(new Set(isWebKit ? ['end-of-body'] : ['end-of-body', 'network']));
    for (const text of await page.texts('#errors .next'))
      expect(text).toMatch(/^Tries again after \d\.\d s$/);
    const errors = await page.count('#errors > li');
    expect([errors, errors + 1]).toContain(await number(page, 'attempts')());
    expect(await page.text('#figure-bytes')).toMatch(/^(\d{3} B|\d\.\d\d kB)$/);
    expect([await page.policyViolations(), await page.style('main', 'display')]).toEqual([[], 'grid']);
  });

  it('is drawn over time, with a log of the state changes as its text', async () => {
    const page = await openPlayground();
    await connect(page, '/feed');
    await expect.poll(number(page, 'rate'), patience).toBeGreaterThan(0);
    await expect.poll(() => page.count('#errors > li'), patience).toBeGreaterThanOrEqual(2);
    await page.click('Close');
    await expect.poll(() => page.count('#timeline .closed'), patience).toBeGreaterThan(0);
    for (const name of ['open', 'waiting', 'bar', 'mark'])
      expect([name, await page.count(`#timeline .${name}`)]).toEqual([
        name,
        expect.toSatisfy((count) => count > 0),
      ]);
    const names = (await page.texts('#changes .name')).toReversed();
    expect(names.slice(0, 5)).toEqual(['Connecting', 'Open', 'Waiting', 'Connecting', 'Open']);
    expect(names.at(-1)).toBe('Closed');
    expect(await page.attribute('#timeline', 'aria-label')).toMatch(/over the last minute: .*open for \d+ s/);
  });

  it('is drawn while it connects', async () => {
    const page = await openPlayground();
    await connect(page, '/late');
    await expect.poll(number(page, 'events'), patience).toBe(1);
    expect(await page.count('#timeline .connecting')).toBe(1);
  });

  it('goes on at once when Reconnect is pressed, and starts afresh when Connect is', async () => {
    const page = await openPlayground();
    await page.fill('reconnectionTime', '1000000');
    await connect(page, '/sse');
    await expect.poll(state(page), patience).toBe('Open');
    expect([await page.isEnabled('Connect'), await page.isEnabled('Close')]).toEqual([false, true]);
    await page.click('Reconnect');
    await expect.poll(number(page, 'attempts'), patience).toBe(2);
    await expect.poll(number(page, 'events'), patience).toBeGreaterThanOrEqual(2);
    expect(await page.count('#errors > li')).toBe(0);
    await page.click('Close');
    await expect.poll(() => page.isEnabled('Connect'), patience).toBe(true);
    await page.click('Connect');
    await expect.poll(state(page), patience).toBe('Open');
    expect(await number(page, 'attempts')()).toBe(1);
  });

  it('that answers a POST is shown to its end, and is not asked for again', async () => {
    const page = await openPlayground();
    await page.click('/chat');
    expect(await page.value('Method')).toBe('POST');
    await page.click('Connect');
    await expect.poll(state(page), patience).toBe('Closed: end-of-body');
    const events = await page.events();
    expect(
      events
        .map(({ data }) => data.trim())
        .toReversed()
        .join(' '),
    ).toBe('This answer comes word by word . [DONE]');
    expect(await page.texts('#errors .next')).toEqual(['Closed for good']);
    expect(await number(page, 'attempts')()).toBe(1);
  });

  it('of a POST that may not be sent again says so when Reconnect is pressed', async () => {
    const page = await openPlayground();
    await page.fill('Method', 'POST');
    await connect(page, '/surprise');
    await expect.poll(state(page), patience).toBe('Open');
    await page.click('Reconnect');
    expect(await page.text('#alert')).toMatch(/connects only once/);
    expect([await state(page)(), await number(page, 'attempts')()]).toEqual(['Open', 1]);
  });

  it('of more names than are followed says so, and leaves room for those of the next', async () => {
    const page = await openPlayground();
    await connect(page, '/names');
    await expect
      .poll(() => page.text('#events-note'), patience)
      .toContain('only the first 500 names are followed');
    await page.click('Close');
    await expect.poll(() => page.isEnabled('Connect'), patience).toBe(true);
    await connect(page, '/surprise');
    await expect.poll(() => page.text('#events-note'), patience).toBe('3 kept');
  });

  it('with a name that nobody knew, and with names that the class uses, is shown whole', async () => {
    const page = await openPlayground();
    await connect(page, '/surprise');
    await expect.poll(() => page.count('#events > li'), patience).toBe(3);
    const events = await page.events();
    expect(events.map(({ type, id }) => [type, id]).toReversed()).toEqual([
      ['surprise', '1'],
      ['error', '1'],
      ['open', '1'],
    ]);
    expect(events.at(-1)!.data).toBe('{\n  "a": [\n    1,\n    {\n      "b": null\n    }\n  ]\n}');
    expect([await page.count('#errors > li'), await state(page)()]).toEqual([0, 'Open']);
  });

  it('of markup is shown as text, and the beginning of long data with a way to the rest', async () => {
    const page = await openPlayground();
    await connect(page, '/markup');
    await expect.poll(() => page.count('#events > li'), patience).toBe(2);
    const [long, markup] = await page.events();
    expect(markup!.data).toMatch(/^<img src=x onerror=.*<\/script>$/);
    expect([markup!.type, markup!.id]).toEqual([markup!.data, markup!.data]);
    expect([await page.count('#events img'), await page.count('#events script')]).toEqual([0, 0]);
    expect(await page.attribute('body', 'data-is-hurt')).toBe(null);
    expect(long!.data.length).toBeLessThan(1000);
    await page.click('Show all 5,000 characters');
    expect((await page.events())[0]!.data).toBe('long '.repeat(1000));
    await page.click('Show less');
    expect((await page.events())[0]!.data).toBe(long!.data);
  });
});

describe('trouble', () => {
  it.each([
    ['the Content-Type', '/markup-type', 'content-type', /got <img src=x onerror=/],
    ['the address', '/missing/<img src=x onerror="document.body.dataset.isHurt = 1">', 'status', /404/],
  ])('with markup in %s is shown as text', async (_, address, reason, message) => {
    const page = await openPlayground();
    await connect(page, address);
    await expect.poll(state(page), patience).toBe(`Closed: ${reason}`);
    expect(await page.text('#errors .message')).toMatch(message);
    expect(await page.text('#last-error')).toMatch(message);
    expect(await page.count('img[src=x], #errors script')).toBe(0);
    expect(await page.attribute('body', 'data-is-hurt')).toBe(null);
    expect(await page.policyViolations()).toEqual([]);
  });

  it('of a 401 is shown with its hint, and is over when the header is typed in', async () => {
    const page = await openPlayground();
    await connect(page, '/private');
    await expect.poll(state(page), patience).toBe('Closed: status');
    expect(await page.texts('#errors .status')).toEqual(['status 401']);
    expect(await page.text('#last-error')).toMatch(
      /^Last error: Expected status 200, got 401: send credentials/,
    );
    expect(await page.text('#errors .message')).toMatch(
      /^Expected status 200, got 401: send credentials with "headers"/,
    );
    await page.touch();
    await page.focus('Headers');
    await commands.press(Array.from('Authorization: Bearer let-me-in'));
    expect(await page.value('Headers')).toBe('Authorization: Bearer let-me-in');
    await page.click('Connect');
    await expect.poll(number(page, 'events'), patience).toBeGreaterThan(2);
    expect(await page.texts('#errors .status')).not.toContain('status 401');
  });

  it('with CORS is told apart, in one attempt', async () => {
    const page = await openPlayground();
    await connect(page, inject('uncorsOrigin'));
    await expect.poll(state(page), patience).toBe('Closed: cors');
    expect(await number(page, 'attempts')()).toBe(1);
  });

  it('in a line of the headers is named, and nothing that was typed is lost', async () => {
    const page = await openPlayground();
    await page.touch();
    await page.fill('Headers', 'X-Good: 1\nno colon here');
    await connect(page, '/private');
    expect(await page.text('#headers-error')).toBe(
      'Headers, line 2: expected “Name: value”, but there is no colon.',
    );
    expect([await page.isInvalid('Headers'), await page.focused()]).toEqual([true, 'headers']);
    expect(await page.value('Headers')).toBe('X-Good: 1\nno colon here');
    expect(await state(page)()).toBe('Not connected');
    await page.fill('Headers', '');
    expect([await page.text('#headers-error'), await page.isInvalid('Headers')]).toEqual(['', false]);
  });

  it.each([
    ['an option', 'idleTimeout', '-1', /"idleTimeout"/],
    ['a body without a method', 'Body', 'a', /"body"/],
    ['the address', 'Address', 'http://[', /the url cannot be parsed/],
    ['a missing address', 'Address', '', /^Give the address/],
  ])('with %s that the constructor refuses is shown at the form', async (_, label, value, message) => {
    const page = await openPlayground();
    await page.fill(label, value);
    await page.click('Connect');
    expect(await page.text('#alert')).toMatch(message);
    expect([await page.value(label), await state(page)()]).toEqual([value, 'Not connected']);
  });
});

describe('100,000 events', () => {
  it('are all counted, few of them drawn, and the page goes on answering', async () => {
    const page = await openPlayground();
    await page.fill('reconnectionTime', '1');
    await page.click('/burst');
    await page.click('Connect');
    await expect.poll(number(page, 'events'), patience).toBeGreaterThan(0);
    const counts = [0];
    while (counts.at(-1)! < 100_000) {
      expect(await page.count('#events > li')).toBeLessThanOrEqual(200);
      await page.frames(1);
      counts.push(await number(page, 'events')());
    }
    expect(counts.length).toBeGreaterThan(6);
    // Between two answers a part of them at most.
    expect(Math.max(...counts.map((count, at) => count - (counts[at - 1] ?? 0)))).toBeLessThan(25_000);
    // The server answers the next request with 204, since it has no more.
    await expect.poll(state(page), patience).toBe('Closed: status');
    expect(await number(page, 'events')()).toBe(100_000);
    expect(await page.text('#events-note')).toContain('1,000 kept');
    expect(await page.text('#events-note')).toContain('99,000 older events are no longer kept');
    const events = await page.events();
    expect(events.length).toBeLessThanOrEqual(200);
    expect(events[0]).toMatchObject({ type: 'message', id: '100000' });
    expect(await page.text('#figure-last-event-id')).toBe('100000');
  });
});

describe('the list', () => {
  it('is filtered by type, ID and data, stands still when paused, and can be cleared', async () => {
    const page = await openPlayground();
    await page.click('/burst');
    await page.fill('Address', '/burst?count=300');
    await page.click('Connect');
    await expect.poll(number(page, 'events'), patience).toBe(300);
    await page.fill('Filter', 'TICK');
    await expect.poll(() => page.text('#filter-note'), patience).toBe('150 of 300 match');
    expect(new Set((await page.events()).map(({ type }) => type))).toEqual(new Set(['tick']));
    await page.fill('Filter', '299');
    await expect.poll(() => page.count('#events > li'), patience).toBe(1);
    await page.fill('Filter', 'nothing has this');
    await expect.poll(() => page.count('#events > li'), patience).toBe(0);
    await page.fill('Filter', '');
    await page.click('Clear');
    await expect.poll(() => page.count('#events > li'), patience).toBe(0);
    expect(await number(page, 'events')()).toBe(300);
    await page.click('Close');
    await expect.poll(() => page.isEnabled('Connect'), patience).toBe(true);

    await connect(page, '/feed');
    await expect.poll(number(page, 'events'), patience).toBeGreaterThan(3);
    await page.click('Pause');
    await page.frames(3);
    const frozen = await page.events();
    const count = await number(page, 'events')();
    await expect.poll(number(page, 'events'), patience).toBeGreaterThan(count + 3);
    expect(await page.events()).toEqual(frozen);
    expect(await page.text('#events-note')).toMatch(/\d+ new since the pause/);
    await page.click('Pause');
    await expect.poll(() => page.count('#events > li'), patience).toBeGreaterThan(frozen.length);
  });
});

describe("the browser's own class", () => {
  it('runs beside ours on the same url, and is closed with it', async () => {
    const page = await openPlayground();
    await page.toggle('Run the browser');
    await connect(page, '/feed');
    const row = (name: string) => () => page.texts(`#comparison [data-row=${name}] td`);
    await expect.poll(async () => Number((await row('events')())[1]), patience).toBeGreaterThan(10);
    await expect.poll(async () => Number((await row('errors')())[1]), patience).toBeGreaterThan(0);
    expect((await row('reason')())[1]).toBe('not told');
    expect((await row('reason')())[0]).toMatch(/^(end-of-body|network)$/);
    expect(Number((await row('id')())[1])).toBeGreaterThan(0);
    await page.click('Close');
    await expect.poll(row('state'), patience).toEqual(['Closed', 'Closed']);
    expect(await number(page, 'events')()).toBe(Number((await row('events')())[0]));
  });

  it('can be closed where it goes on and ours has ended', async () => {
    const page = await openPlayground();
    await page.toggle('Run the browser');
    await page.toggle('try again');
    await connect(page, '/feed');
    await expect.poll(state(page), patience).toMatch(/^Closed: /);
    const states = () => page.texts('#comparison [data-row=state] td');
    expect(await states()).toEqual(['Closed', expect.not.stringContaining('Closed')]);
    expect([await page.isEnabled('Connect'), await page.isEnabled('Reconnect')]).toEqual([true, false]);
    await page.click('Close');
    await expect.poll(states, patience).toEqual(['Closed', 'Closed']);
    await expect.poll(() => page.isEnabled('Close'), patience).toBe(false);
  });

  it('gets every event of a name that is known from the start', async () => {
    const page = await openPlayground();
    await page.toggle('Run the browser');
    await page.fill('reconnectionTime', '100000');
    await connect(page, '/burst?count=5000');
    const events = () => page.texts('#comparison [data-row=events] td');
    await expect.poll(events, patience).toEqual(['5,000', '5,000']);
  });
});
