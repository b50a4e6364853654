/** What each Chromium is started with here: as root, without a display, and it asks nobody but the test. Each user adds what it alone needs. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
