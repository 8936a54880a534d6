// The limit of the wire: as many bytes as the upload sends, ready-made, over four connections to the same sink.
import { Buffer } from 'node:buffer';
import { request } from 'node:http';
import process from 'node:process';

const [url, total] = [process.argv[2], Number(process.argv[3])];
const bodies = 4;
const chunk = Buffer.alloc(1024 * 1024, 'A');

const send = (length) =>
  new Promise((resolve, reject) => {
    const outgoing = request(`${url}/v2/inputs`, { method: 'POST', headers: { 'content-length': length } }, (answer) =>
      answer.resume().on('end', resolve),
    );
    outgoing.on('error', reject);
    let left = length;
    const more = () => {
      while (left > 0) {
        const part = chunk.subarray(0, Math.min(left, chunk.length));
        left -= part.length;
        if (!outgoing.write(part)) return outgoing.once('drain', more);
      }
      return outgoing.end();
    };
    more();
  });

await Promise.all(Array.from({ length: bodies }, () => send(Math.floor(total / bodies))));
