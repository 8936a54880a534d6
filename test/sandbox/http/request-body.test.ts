import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { receiveJson } from '../../../src/sandbox/http/request-body.js';

test('the body of a client that left before anybody listened ends the wait', async () => {
  const request = new IncomingMessage(new Socket());
  request.destroy();
  await new Promise((resolve) => request.once('close', resolve));
  await assert.rejects(
    receiveJson(request, () => undefined),
    /the client left/,
  );
});
