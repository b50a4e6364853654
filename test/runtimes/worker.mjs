// @ts-nocheck: runs outside of this project
/** Runs the suite in workerd: the context comes as the url's query, the results go out as the response. */
import * as everysource from './index.js';
import * as stream from './stream.js';
import './cases.js';
import './cases-requests.js';
import './cases-stream.js';
import './suite.js';

export default {
  async fetch(request) {
    const context = JSON.parse(new URL(request.url).searchParams.get('context'));
    return Response.json(await globalThis.everysourceSuite.run({ ...everysource, ...stream, ...context }));
  },
};
