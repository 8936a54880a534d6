// The floor of an upload over REST: batches of base64 in JSON, each with its exact length, over bare sockets.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';
import { URL } from 'node:url';
import { OutBuffers, readPieces, sendAll } from './batches.mjs';

/** V8 puts longer strings into its large-object space, which makes encoding ten times slower. */
const pieceBytes = 48 * 1024;
const { host, hostname, port } = new URL(process.argv[2]);

const bodyHead = '{"inputs":[';
const bodyTail = ']}';
const idHead = '{"id":"';
const dataHead = '","data":{"image":{"base64":"';
const inputTail = '"}}}';

function bodyLength(batch, ids) {
  const perInput = idHead.length + dataHead.length + inputTail.length;
  const inputs = batch.reduce((sum, { size }, at) => sum + perInput + ids[at].length + 4 * Math.ceil(size / 3), 0);
  return bodyHead.length + inputs + batch.length - 1 + bodyTail.length;
}

class Lane {
  #socket;
  #out;
  #input = Buffer.allocUnsafeSlow(8 * pieceBytes);

  constructor(socket) {
    this.#socket = socket;
    this.#out = new OutBuffers(1024 * 1024, Buffer.allocUnsafeSlow, (bytes, taken) => socket.write(bytes, taken));
  }

  async send(batch, ids) {
    const answered = readAnswer(this.#socket);
    await this.#text(
      `POST /v2/inputs HTTP/1.1\r\nhost: ${host}\r\nauthorization: Key bench\r\ncontent-type: application/json\r\n` +
        `content-length: ${bodyLength(batch, ids)}\r\n\r\n${bodyHead}`,
    );
    for (const [at, { path }] of batch.entries()) {
      await this.#text(`${at === 0 ? '' : ','}${idHead}${ids[at]}${dataHead}`);
      for (const length of readPieces(path, this.#input)) {
        for (let from = 0; from < length; from += pieceBytes) {
          await this.#text(this.#input.base64Slice(from, Math.min(length, from + pieceBytes)));
        }
      }
      await this.#text(inputTail);
    }
    await this.#text(bodyTail);
    await this.#out.flush();
    await answered;
  }

  async #text(text) {
    await this.#out.reserve(text.length);
    this.#out.used += this.#out.bytes.latin1Write(text, this.#out.used);
  }

  close() {
    this.#socket.end();
  }
}

/** Resolves with the end of one answer. */
function readAnswer(socket) {
  let text = '';
  return new Promise((resolve, reject) => {
    const onData = (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1]);
      if (text.length < end + 4 + length) return;
      socket.off('data', onData).off('error', reject);
      if (text.startsWith('HTTP/1.1 200 ')) resolve();
      else reject(new Error(text.slice(0, 200)));
    };
    socket.on('data', onData).once('error', reject);
  });
}

await sendAll(process.argv[3], async () => {
  const socket = connect(Number(port), hostname).setNoDelay();
  await once(socket, 'connect');
  return new Lane(socket);
});
