import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

// Where Debian's package and others put it; CHROMIUM names another
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// No sandbox: in a container its process runs as root. The rest keeps it from calling home
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * A headless Chromium with an empty profile of its own, which is removed when it is closed.
 *
 * @throws Error when there is none on this machine
 */
export async function openChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? places.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error('no Chromium here: install it (apt-get install chromium), or name it in CHROMIUM');
  }
  return await chromium.launch({ executablePath, headless: true, args });
}
