import { afterEach, describe, expect, it, vi } from 'vitest';
import { isHttp, parse, parseUrl } from '../src/url.ts';

afterEach(() => vi.unstubAllGlobals());

describe('a url', () => {
  it('is parsed against another, or is none', () => {
    expect(parse('b', 'http://example.com/a')?.href).toBe('http://example.com/b');
    expect(parse('b', undefined)).toBeUndefined();
  });

  it('is one of a server by its scheme', () => {
    const schemes = ['http:', 'https:', 'xhttp:', 'httpx:', 'data:'];
    expect(schemes.map((protocol) => isHttp({ protocol }))).toEqual([true, true, false, false, false]);
  });

  it('has no percent sign in a host that is looked up, even where the runtime lets one through (Chromium)', () => {
    expect(parseUrl('other://a%20b/').hostname).toBe('a%20b');
    vi.stubGlobal('URL', function parsed() {
      return { protocol: 'http:', hostname: 'a%20b' };
    });
    expect(() => parseUrl('http://a b/')).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  });
});
