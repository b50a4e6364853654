// @ts-nocheck: runs outside of this project
/** Runs the suite with the built package, by require. */
const everysource = require('../../dist/index.cjs');
const stream = require('../../dist/stream.cjs');

async function main() {
  await import('../suite/cases.js');
  await import('../suite/cases-requests.js');
  await import('../suite/cases-stream.js');
  await import('../suite/suite.js');
  const context = JSON.parse(process.argv[2]);
  const results = await globalThis.everysourceSuite.run({ ...everysource, ...stream, ...context });
  console.log(`results: ${JSON.stringify(results)}`);
}

main();
