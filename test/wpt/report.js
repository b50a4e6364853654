// @ts-nocheck: in the place of testharnessreport.js
/** Leaves what the tests of a document came to in a global, where the driver of the browser looks for it. */
setup({ output: false });
add_completion_callback((tests, { status, message }) => {
  globalThis.everysourceReport = JSON.stringify({
    status,
    message,
    tests: tests.map(({ name, status: result, message: reason }) => ({
      name,
      status: result,
      message: reason,
    })),
  });
});
