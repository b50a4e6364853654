/** Does what the policy forbids, and tells the page around this one what came of it. */
const outcome = (forbidden) => {
  try {
    return forbidden();
  } catch ({ name }) {
    return name;
  }
};
addEventListener('DOMContentLoaded', () => {
  const script = document.createElement('script');
  script.text = 'globalThis.hasRun = true';
  document.body.append(script);
  parent.postMessage(
    {
      // oxlint-disable-next-line no-eval
      eval: outcome(() => globalThis.eval('1')),
      function: outcome(() => new Function('return 1')()),
      inline: globalThis.hasRun ?? 'not run',
    },
    '*',
  );
});
