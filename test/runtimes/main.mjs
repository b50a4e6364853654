// @ts-nocheck: runs outside of this project
/** Runs the suite with the built package, by import: Node, Deno, Bun. */
import process from 'node:process';
import * as everysource from '../../dist/index.js';
import * as stream from '../../dist/stream.js';
import '../suite/cases.js';
import '../suite/cases-requests.js';
import '../suite/cases-stream.js';
import '../suite/suite.js';

const context = JSON.parse(process.argv[2]);
const results = await globalThis.everysourceSuite.run({ ...everysource, ...stream, ...context });
console.log(`results: ${JSON.stringify(results)}`);
