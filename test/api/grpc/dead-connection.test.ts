import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callUnary } from '../../../src/api/grpc/call.js';
import { messagePrefix } from '../../../src/api/grpc/frames.js';
import { SessionPool, type Lane } from '../../../src/api/grpc/session-pool.js';
import { serveGrpc } from './h2-server.js';

/** Requests on it are never told that they are over: their reset does not get out. */
class DeadPool extends SessionPool {
  readonly lanes: Lane[] = [];

  override async acquire(signal: AbortSignal): Promise<Lane> {
    const lane = await super.acquire(signal);
    const { session } = lane;
    const request = session.request.bind(session);
    session.request = (headers, options) => {
      const stream = request(headers, options);
      stream.close = () => undefined;
      return stream;
    };
    this.lanes.push(lane);
    return lane;
  }
}

test('a request on a connection that is dead ends at its time limit, and the connection with it', async (t) => {
  const { url } = await serveGrpc(t, () => undefined);
  const origin = new URL(url);
  const pool = new DeadPool({ origin, proxy: undefined, ca: [] });
  t.after(() => {
    pool.close();
  });
  const body = { lengthBytes: 5, chunks: () => [messagePrefix(0)] };
  const wire = { pool, host: origin.host, key: 'k', timeoutMs: 200, leaving: new AbortController().signal };
  await assert.rejects(callUnary({ method: 'ListInputs', body }, wire, { sent: 'none' }), /no answer within 0\.2 s/);
  assert.deepEqual(
    pool.lanes.map(({ session }) => session.destroyed),
    [true],
  );
});
