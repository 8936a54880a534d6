/** Makes the README's pictures from a real run: takes tmux, Chromium and a built tool. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openChromium } from '../chromium.js';
import { screenSvg } from './screen-svg.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const tool = join(root, 'bin', 'clarifai-inputs.js');
const photos = join(root, 'test', 'fixtures', 'photos');
const here = fileURLToPath(new URL('.', import.meta.url));
const size = { columns: 80, rows: 26 };

const folder = mkdtempSync(join(tmpdir(), 'clarifai-inputs-pictures-'));
const server = spawn(tool, ['sandbox', '--memory', '--index-ms', '400'], { stdio: ['ignore', 'pipe', 'pipe'] });
try {
  const base = await baseOf(server);
  const env = { ...process.env, CLARIFAI_API_BASE: base, CLARIFAI_PAT: 'sandbox', XDG_CONFIG_HOME: folder };
  const cli = (...words: readonly string[]): void =>
    void execFileSync(tool, words, { env, stdio: 'ignore', cwd: photos });
  cli('add', '.', '!dog/**', '--concept-from-dir', '--record-path', '--id-from', 'name', '--no-wait');
  cli('add', 'dog', '-c', 'outdoors', '--record-path', '--id-from', 'name');
  writeFileSync(join(here, 'terminal.svg'), screenSvg(await tagging(env), size.columns));
  await page(base);
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}

async function baseOf({ stdout, stderr }: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [stdout, stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  for (;;) {
    const [, base] = /CLARIFAI_API_BASE=(\S+)[^]*listening/.exec(text) ?? [];
    if (base !== undefined) return base;
    await once(server.stderr, 'data');
  }
}

/** The tagger, as a terminal of its own shows it after some keys. */
async function tagging(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const tmux = (...words: readonly string[]): string =>
    execFileSync('tmux', ['-L', `pictures-${process.pid}`, '-f', '/dev/null', ...words], { env, encoding: 'utf8' });
  const command = `env -u TMUX COLORTERM=truecolor ${tool} patch --interactive --where concept=outdoors`;
  tmux('new-session', '-d', '-x', `${size.columns}`, '-y', `${size.rows}`, command);
  try {
    const screen = (...flags: readonly string[]): string => tmux('capture-pane', '-p', ...flags);
    while (!screen().includes('▀')) await pause(100);
    for (const keys of ['+dog', 'Enter', '+sea', 'Enter', 'Space']) {
      tmux('send-keys', keys);
      await pause(200);
    }
    return screen('-e').trimEnd().split('\n');
  } finally {
    tmux('kill-server');
  }
}

async function page(base: string): Promise<void> {
  const browser = await openChromium();
  try {
    const view = await browser.newPage({ viewport: { width: 1200, height: 720 }, colorScheme: 'light' });
    await view.goto(base);
    await view.locator('img').first().waitFor();
    await pause(1000);
    await view.screenshot({ path: join(here, 'page.jpg'), type: 'jpeg', quality: 80 });
  } finally {
    await browser.close();
  }
}
