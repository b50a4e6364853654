/**
 * Opens the playground in a frame of its own origin, and does there what the test around this page asks for. Controls are found
 * by what they are called, as a user finds them.
 */
const frame = document.querySelector('iframe');
const page = () => frame.contentDocument;
const violations = [];

function control(label) {
  const found = Array.from(page().querySelectorAll('label')).find(({ textContent }) =>
    textContent.trim().startsWith(label),
  );
  if (found?.control) return found.control;
  throw new Error(`no control is labelled "${label}"`);
}

function button(name) {
  const found = Array.from(page().querySelectorAll('button, summary')).find(({ textContent }) =>
    textContent.trim().startsWith(name),
  );
  if (found) return found;
  throw new Error(`no button is called "${name}"`);
}

const textOf = (element) => element.textContent.trim().replace(/[ \n]+/g, ' ');

const commands = {
  click(name) {
    if (button(name).disabled) throw new Error(`"${name}" is disabled`);
    button(name).click();
  },
  isEnabled: (name) => !button(name).disabled,
  isPressed: (name) => button(name).getAttribute('aria-pressed'),
  fill(label, value) {
    const element = control(label);
    element.value = value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
  },
  value: (label) => control(label).value,
  isInvalid: (label) => control(label).getAttribute('aria-invalid') === 'true',
  toggle: (label) => control(label).click(),
  focus(label) {
    frame.contentWindow.focus();
    control(label).focus();
  },
  focused: () => page().activeElement.id,
  text: (selector) => textOf(page().querySelector(selector)),
  texts: (selector) => Array.from(page().querySelectorAll(selector), textOf),
  count: (selector) => page().querySelectorAll(selector).length,
  attribute: (selector, name) => page().querySelector(selector).getAttribute(name),
  style: (selector, property) => getComputedStyle(page().querySelector(selector))[property],
  events: () =>
    Array.from(page().querySelectorAll('#events > li'), (row) => ({
      type: row.querySelector('.type').textContent,
      id: row.querySelector('.id').textContent,
      time: row.querySelector('time').textContent,
      data: row.querySelector('.data').textContent,
    })),
  width(pixels) {
    frame.style.width = `${pixels}px`;
  },
  overflow() {
    const { scrollWidth, clientWidth } = page().documentElement;
    return scrollWidth - clientWidth;
  },
  frames: (count) =>
    new Promise((resolve) => {
      const next = () => (count-- > 0 ? frame.contentWindow.requestAnimationFrame(next) : resolve());
      next();
    }),
  async axe() {
    const { contentWindow: scope } = frame;
    if (scope.axe === undefined) {
      const script = page().createElement('script');
      script.src = '/axe.js';
      const loaded = new Promise((resolve) => script.addEventListener('load', resolve));
      page().head.append(script);
      await loaded;
    }
    const { violations: found, passes } = await scope.axe.run(page());
    const nodes = found.flatMap(({ id, nodes: all }) =>
      all.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    );
    return { violations: nodes, passes: passes.length };
  },
  policyViolations: () => violations,
};

addEventListener('message', async ({ source, data: { id, command, args } }) => {
  if (source !== parent) return;
  try {
    parent.postMessage({ id, result: await commands[command](...args) }, '*');
  } catch (error) {
    parent.postMessage({ id, error: `${command}(${args}): ${error.message}` }, '*');
  }
});

frame.addEventListener('load', () => {
  page().addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    violations.push(`${violatedDirective} ${blockedURI}`);
  });
  parent.postMessage({ id: 'ready' }, '*');
});
frame.src = '/';
