/**
 * What an import costs: `import-client.js NAME` tells its CPU time, all threads, in milliseconds; `import-client.js NAME constructed` what
 * it makes with `new`.
 */
const [name = '', isConstructed] = process.argv.slice(2);

/** Notes which of the global classes are used, by name. */
function watch() {
  /** @type {string[]} */
  const constructed = [];
  // All are read before one is replaced: Node makes some of them when they are read, with the help of others.
  const globals = Object.getOwnPropertyNames(globalThis).map((key) => {
    return { key, value: /** @type {Record<string, unknown>} */ (globalThis)[key] };
  });
  for (const { key, value } of globals) {
    if (typeof value !== 'function' || value.prototype === undefined) continue;
    const proxy = new Proxy(value, {
      construct(target, args, newTarget) {
        constructed.push(key);
        return Reflect.construct(target, args, newTarget);
      },
    });
    Object.defineProperty(globalThis, key, { value: proxy, configurable: true, writable: true });
  }
  return constructed;
}

if (isConstructed === undefined) {
  const before = process.cpuUsage();
  await import(name);
  const { user, system } = process.cpuUsage(before);
  console.log(`result: ${(user + system) / 1000}`);
} else {
  const constructed = watch();
  await import(name);
  console.log(`result: ${JSON.stringify(constructed)}`);
}
