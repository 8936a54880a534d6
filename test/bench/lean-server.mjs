// HTTP/1.1, as little of it as clients that behave need. Node's own server copies and collects each piece of a body,
// which costs three times as much as receiving it, and would be measured in place of the client.
import { Buffer } from 'node:buffer';
import { createServer, Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');
const readBytes = 256 * 1024;

/**
 * @typedef {object} Taker what becomes of one request
 * @property {(piece: Buffer) => void} take a piece of its body; its bytes are overwritten afterwards
 * @property {() => Promise<string> | string} answer the JSON to answer with, once all of it is there
 */

/** @param {(method: string, url: string) => Taker} open */
export function leanServer(open) {
  return createServer({ pauseOnConnect: true }, (accepted) => {
    const connection = new Connection(open);
    const onread = {
      buffer: Buffer.allocUnsafeSlow(readBytes),
      callback: (length, buffer) => connection.received(buffer.subarray(0, length)),
    };
    // the one way to have a server's socket read into a buffer that is used again
    connection.socket = new Socket({ handle: accepted._handle, onread });
    connection.socket.on('error', () => undefined).resume();
  });
}

class Connection {
  socket;
  #open;
  #head = Buffer.alloc(0);
  #left = 0;
  #taker;

  constructor(open) {
    this.#open = open;
  }

  received(bytes) {
    let rest = bytes;
    while (rest.length > 0) rest = this.#taker === undefined ? this.#headIn(rest) : this.#bodyIn(rest);
    return true;
  }

  #headIn(bytes) {
    const all = this.#head.length === 0 ? bytes : Buffer.concat([this.#head, bytes]);
    const end = all.indexOf(headEnd);
    if (end < 0) {
      this.#head = Buffer.from(all);
      return all.subarray(all.length);
    }
    const head = all.latin1Slice(0, end);
    this.#head = Buffer.alloc(0);
    const [method, url] = head.split(' ', 2);
    this.#taker = this.#open(method, url);
    this.#left = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    if (/^expect: *100-continue/im.test(head)) this.socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    if (this.#left === 0) this.#end();
    return Buffer.from(all.subarray(end + headEnd.length));
  }

  #bodyIn(bytes) {
    const length = Math.min(this.#left, bytes.length);
    this.#taker.take(bytes.subarray(0, length));
    this.#left -= length;
    if (this.#left === 0) this.#end();
    return bytes.subarray(length);
  }

  async #end() {
    const taker = this.#taker;
    this.#taker = undefined;
    const body = await taker.answer();
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    // in one piece: a second one would wait until the first is acknowledged
    this.socket.write(head + body);
  }
}
