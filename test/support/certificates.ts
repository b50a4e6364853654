import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A file of a certificate and the one of its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A folder for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'everysource-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Makes an authority, and certificates that it issues: `server` for loopback and `client`. Needs the openssl command. */
export function makeCertificates(folder: string): { ca: string; server: Certificate; client: Certificate } {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const request = (name: string, ...args: string[]) => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    openssl('req', '-new', ...key, '-subj', `/CN=${name}`, ...args);
  };
  const issue = (name: string): Certificate => {
    request(name, '-out', `${name}.csr`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-extfile', 'names', '-out', `${name}.pem`);
    return { cert: file(`${name}.pem`), key: file(`${name}.key`) };
  };
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
  request('ca', '-x509', '-days', '1', '-out', 'ca.pem');
  return { ca: file('ca.pem'), server: issue('server'), client: issue('client') };
}

/** Their contents, as servers want them. */
export const readCertificate = ({ cert, key }: Certificate): { cert: Buffer; key: Buffer } => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
});
