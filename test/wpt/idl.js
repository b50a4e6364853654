// @ts-nocheck: runs over testharness.js
/** The part of the standard's IDL that tells of EventSource, checked by the platform tests' own idlharness.js. */
promise_test(async () => {
  const [html, dom] = await Promise.all(
    ['html', 'dom'].map(async (name) => (await fetch(`/interfaces/${name}.idl`)).text()),
  );
  const idls = new IdlArray();
  idls.add_idls(html, { only: ['EventSource', 'EventSourceInit'] });
  idls.add_dependency_idls(html);
  idls.add_dependency_idls(dom);
  idls.add_objects({ EventSource: ["new EventSource('/eventsource/resources/message.py')"] });
  idls.test();
}, 'the interfaces are loaded');
