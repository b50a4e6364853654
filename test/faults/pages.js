/** What a page needs beside its stream: itself, its scripts, and somebody who takes its report. */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const root = join(import.meta.dirname, '../..');
/** @type {Readonly<Record<string, string>>} */
const types = { '.js': 'text/javascript', '.html': 'text/html' };

/**
 * @param {(report: string) => void} onReport
 * @returns {import('node:http').RequestListener}
 */
export const createPages = (onReport) => (request, response) => {
  if (request.method === 'POST') {
    let body = '';
    request.on('data', (text) => (body += text));
    request.on('end', () => {
      response.writeHead(204).end();
      onReport(body);
    });
    return;
  }
  const { pathname } = new URL(`${request.url}`, 'http://localhost');
  const file = join(root, pathname);
  const isHere = /^\/(dist|test\/faults)\/[\w.-]+$/.test(pathname) && existsSync(file);
  if (!isHere) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': `${types[extname(file)]}; charset=utf-8` });
  response.end(readFileSync(file));
};
