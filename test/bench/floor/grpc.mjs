// The floor of an upload over gRPC: the same files as raw bytes, in messages framed by hand, over bare HTTP/2 sessions.
import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { connect, constants } from 'node:http2';
import process from 'node:process';
import { OutBuffers, sendAll } from './batches.mjs';

const headers = {
  [constants.HTTP2_HEADER_METHOD]: 'POST',
  [constants.HTTP2_HEADER_PATH]: '/clarifai.api.V2/PostInputs',
  [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
  te: 'trailers',
  authorization: 'Key bench',
};

/** A field of bytes, of which the content follows. The numbers are those of the service's own messages. */
const tagOf = (field) => (field << 3) | 2;
const inputsTag = tagOf(2);
const idTag = tagOf(1);
const dataTag = tagOf(2);
const imageTag = tagOf(1);
const base64Tag = tagOf(2);

function varint(value) {
  const bytes = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return [...bytes, left];
    bytes.push((left % 128) | 128);
  }
}

/** All of an input that stands before the bytes of its file. */
function inputHead(id, size) {
  const base64 = [base64Tag, ...varint(size)];
  const image = [imageTag, ...varint(base64.length + size), ...base64];
  const data = [dataTag, ...varint(image.length + size), ...image];
  const named = [idTag, id.length, ...Buffer.from(id, 'latin1')];
  return Buffer.from([inputsTag, ...varint(named.length + data.length + size), ...named, ...data]);
}

class Lane {
  #session;
  #stream;
  #out = new OutBuffers(512 * 1024, Buffer.allocUnsafeSlow, (bytes, taken) => this.#stream.write(bytes, taken));

  constructor(session) {
    this.#session = session;
  }

  async send(batch, ids) {
    this.#stream = this.#session.request(headers);
    const answered = readAnswer(this.#stream);
    const heads = batch.map(({ size }, at) => inputHead(ids[at], size));
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(
      heads.reduce((sum, head, at) => sum + head.length + batch[at].size, 0),
      1,
    );
    await this.#bytes(prefix);
    for (const [at, file] of batch.entries()) {
      await this.#bytes(heads[at]);
      await this.#file(file);
    }
    await this.#out.flush();
    this.#stream.end();
    await answered;
  }

  async #bytes(bytes) {
    await this.#out.reserve(bytes.length);
    this.#out.used += bytes.copy(this.#out.bytes, this.#out.used);
  }

  /** Reads a file into the buffer that goes out next: its bytes are copied nowhere else. */
  async #file({ path, size }) {
    const fd = openSync(path, 'r');
    for (let left = size; left > 0;) {
      await this.#out.reserve(1);
      const { bytes, used } = this.#out;
      const length = readSync(fd, bytes, used, Math.min(left, bytes.length - used));
      if (length === 0) throw new Error(`${path} is shorter than it was`);
      this.#out.used += length;
      left -= length;
    }
    closeSync(fd);
  }

  close() {
    this.#session.close();
  }
}

/** Resolves with the end of one answer. */
function readAnswer(stream) {
  return new Promise((resolve, reject) => {
    let status;
    stream
      .on('trailers', (trailers) => (status = trailers['grpc-status']))
      .on('error', reject)
      .on('close', () => (status === '0' ? resolve() : reject(new Error(`grpc-status ${status}`))))
      .resume();
  });
}

await sendAll(process.argv[3], async () => new Lane(connect(process.argv[2])));
