// The part of an upload that can't be left out, alone: each file read and encoded into one buffer that is used again.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Buffer } from 'node:buffer';

const folder = process.argv[2];
const piece = 48 * 1024;
const input = Buffer.allocUnsafeSlow(8 * piece);
const output = Buffer.allocUnsafeSlow(16 * piece);
let sum = 0;
for (const name of readdirSync(folder)) {
  const fd = openSync(join(folder, name), 'r');
  output.write(JSON.stringify({ id: name.padEnd(32, '0'), data: { image: { base64: '' } } }), 'latin1');
  for (let length = readSync(fd, input); length > 0; length = readSync(fd, input)) {
    let used = 0;
    for (let from = 0; from < length; from += piece) {
      used += output.write(input.toString('base64', from, Math.min(length, from + piece)), used, 'latin1');
    }
    sum += used;
  }
  closeSync(fd);
}
process.stdout.write(`${sum}\n`);
