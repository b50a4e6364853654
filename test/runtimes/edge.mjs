// @ts-nocheck: runs outside of this project
/** Runs the suite in edge-runtime, which takes scripts only: the build for script tags. */
import { readFileSync } from 'node:fs';
import { EdgeRuntime } from 'edge-runtime';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const runtime = new EdgeRuntime({
  initialCode: [
    '../../dist/everysource.global.js',
    '../suite/cases.js',
    '../suite/cases-requests.js',
    '../suite/suite.js',
  ]
    .map(read)
    .join('\n'),
});
const results = await runtime.evaluate(
  `everysourceSuite.run({ ...everysource, ...${process.argv[2]} }).then((results) => JSON.stringify(results))`,
);
console.log(`results: ${results}`);
process.exit(0);
