/**
 * A vitest browser provider for WebKitGTK. The stock webdriverio provider always asks for the browser "safari", which
 * WebKitWebDriver refuses, so this one starts the driver itself and asks for its MiniBrowser.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { defineBrowserProvider } from '@vitest/browser';
import { WebdriverBrowserProvider } from '@vitest/browser-webdriverio';

const capabilities = {
  'wdio:enforceWebDriverClassic': true,
  browserName: 'MiniBrowser',
  'webkitgtk:browserOptions': {
    binary: '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
    args: ['--automation'],
  },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/status`)).ok;
  } catch {
    return false; // not listening yet
  }
}

/** Starts the driver in a process group of its own, on a display of its own where there is none. */
function startDriver(port: number): ChildProcess {
  const command = ['WebKitWebDriver', '-p', `${port}`];
  if (!process.env.DISPLAY) command.unshift('xvfb-run', '-a');
  const [program, ...args] = command as [string, ...string[]];
  return spawn(program, args, { stdio: 'ignore', detached: true });
}

class WebKitProvider extends WebdriverBrowserProvider {
  #driver: ChildProcess | undefined;

  override async openBrowser() {
    if (this.#driver === undefined) {
      const port = await freePort();
      this.#driver = startDriver(port);
      for (let tries = 0; tries < 200 && !(await isReady(port)); tries++) {
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
      }
      // Both are private to the stock provider, and decide what is asked of the driver.
      const options = { hostname: '127.0.0.1', port, capabilities };
      Object.assign(this, { options, buildCapabilities: () => capabilities });
    }
    return super.openBrowser();
  }

  override async close(): Promise<void> {
    try {
      await super.close();
    } finally {
      const { pid } = this.#driver ?? {};
      // The whole group, which xvfb-run would leave behind.
      if (pid !== undefined) process.kill(-pid);
    }
  }
}

/** For `instances: [{ browser: 'safari' }]`, not headless. */
export const webkit = () =>
  defineBrowserProvider({
    name: 'webdriverio',
    supportedBrowser: ['safari'],
    options: {},
    providerFactory: (project) => new WebKitProvider(project, {}),
  });
