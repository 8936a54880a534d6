import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { UsageError } from '../../src/errors.js';
import { failureText } from '../../src/render/failure.js';
import { bytesText, durationText, sanitizeForTerminal, safeJson, shellWord } from '../../src/render/text.js';

/** Escape sequences, C1, what turns the direction of text, what hides: none of it may reach a terminal. */
const unsafe = [
  '\u001b[31m',
  '\u0007',
  '\u0000',
  '\u007f',
  '\u009b2J',
  '\u202e',
  '\u200b',
  '\u2066',
  '\ufeff',
  '\u2028',
  '\u034f',
  '\u115f',
  '\u180e',
  '\u3164',
  '\u{e0041}',
];

test('a text from outside is shown on one line, without what could repaint a terminal', () => {
  assert.equal(sanitizeForTerminal('a\tb\r\nc'), 'a b c');
  for (const text of unsafe) assert.match(sanitizeForTerminal(`a${text}b`), /^a[[\w]*b$/, JSON.stringify(text));
  assert.equal(sanitizeForTerminal('Häuser 日本 😀 é'), 'Häuser 日本 😀 é', 'letters stay');
  assert.equal(sanitizeForTerminal('👩\u200d👧 ❤\ufe0f'), '👩\u200d👧 ❤\ufe0f', 'so do the parts of emoji');
});

test('JSON for a terminal is the same data, with nothing in it that acts', () => {
  for (const text of unsafe) {
    const json = safeJson({ [text]: [text] });
    assert.deepEqual(JSON.parse(json), { [text]: [text] });
    assert.match(json, /^[\x20-\x7e]*$/, json);
  }
});

test('sizes are told in units of 1000', () => {
  const told = [0, 999, 1000, 1500, 12_345, 999_499, 20_000_000, 1.28e8, 3e9, 5e12, 7e15].map(bytesText);
  assert.deepEqual(told, [
    '0 B',
    '999 B',
    '1.0 kB',
    '1.5 kB',
    '12 kB',
    '999 kB',
    '20 MB',
    '128 MB',
    '3.0 GB',
    '5.0 TB',
    '7000 TB',
  ]);
});

test('spans of time are told in the units that a person counts in', () => {
  const told = [0, 340, 9949, 12_300, 60_000, 61_000, 119_700, 3_599_600, 3_600_000, 5_400_000].map(durationText);
  assert.deepEqual(told, [
    '0.0 s',
    '0.3 s',
    '9.9 s',
    '12 s',
    '1 min 0 s',
    '1 min 1 s',
    '2 min 0 s',
    '1 h 0 min',
    '1 h 0 min',
    '1 h 30 min',
  ]);
  assert.deepEqual([9960, 59_700].map(durationText), ['10 s', '1 min 0 s']);
});

test('a word is written so that a shell reads it back', () => {
  assert.equal(shellWord('./photos/a.jpg'), './photos/a.jpg');
  const words = ["it's", 'two words', '$HOME', '`x`', '*', '', 'ä', 'a\nb', '!x', '~', '#', '--geo=-30,40', '"', '\\'];
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(shellWord).join(' ')}`], { encoding: 'utf8' });
  assert.deepEqual(printed.split('\0').slice(0, -1), words);
});

test('the password of a URL is masked, however it is spelled', () => {
  const urls = [
    'http://ann:pw@h/x',
    'HTTPS://ann:p@pw@h',
    'http:///ann:pw@h',
    'http:\\\\ann:pw@h',
    'http://ann:s pw@h/x',
    'http://pw@h',
  ];
  for (const url of urls) assert.doesNotMatch(sanitizeForTerminal(`failed: ${url}: gone`), /pw/, url);
  assert.match(sanitizeForTerminal('http://h:80/a:b@c and http://h/x'), /^http:\/\/h:80\/a:b@c and http:\/\/h\/x$/);
  const error = new UsageError('no http://ann:pw@h/x', { hint: 'not http://ann:pw@h' });
  assert.doesNotMatch(failureText(error, { json: true, verbose: false }), /pw/);
});
