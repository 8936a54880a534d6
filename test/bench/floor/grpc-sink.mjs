// Takes any gRPC call and answers it with an empty message, in which every field has its default. Counts the bytes of
// messages and does nothing else, since it shares the processor with the client that is measured.
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http2';
import process from 'node:process';

/** On a line of no length, the default window of 64 KiB would only cost wake-ups. */
const windowBytes = 8 * 1024 * 1024;
const emptyMessage = Buffer.alloc(5);
let bodyBytes = 0;

const server = createServer({ settings: { initialWindowSize: windowBytes, maxFrameSize: 1024 * 1024 } });
server.on('session', (session) => session.setLocalWindowSize(windowBytes));
server.on('stream', (stream, headers) => {
  if (headers[':path'] === '/sink') {
    stream.respond();
    stream.end(String(bodyBytes));
    bodyBytes = 0;
    return;
  }
  stream.on('data', (chunk) => (bodyBytes += chunk.length));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(emptyMessage);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
// ends with whoever started it
process.stdin.on('end', () => process.exit()).resume();
