// @ts-nocheck: runs outside of this project
/** Runs the suite in workerd: the context comes as the url's query, the results go out as the response. */
import * as everysource from './everysource.mjs';
import './cases.mjs';
import './cases-requests.mjs';
import './suite.mjs';

export default {
  async fetch(request) {
    const context = JSON.parse(new URL(request.url).searchParams.get('context'));
    return Response.json(await globalThis.everysourceSuite.run({ ...everysource, ...context }));
  },
};
