import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import assert from 'node:assert/strict';
import test from 'node:test';
import { exitCodes, InterruptedError, LocalError, messageOf, worstExitCode } from '../src/errors.js';

test('the exit codes are what scripts rely on', () => {
  assert.deepEqual(exitCodes, {
    ok: 0,
    failure: 1,
    usage: 2,
    partial: 3,
    account: 4,
    deadline: 5,
    unavailable: 6,
    interrupted: 130,
    terminated: 143,
  });
});

test('where several hold, the one that tells most wins', () => {
  assert.equal(worstExitCode([]), 0);
  assert.equal(worstExitCode([0, 3, 5]), 5);
  assert.equal(worstExitCode([3, 5, 6]), 6);
  assert.equal(worstExitCode([6, 4]), 4);
  assert.equal(worstExitCode([4, 1]), 1);
  assert.equal(worstExitCode([1, 143, 6]), 143);
  assert.equal(worstExitCode([143, 130]), 130);
});

test('Ctrl-C and a polite kill have codes of their own', () => {
  assert.deepEqual([new InterruptedError('SIGINT').exitCode, new InterruptedError('SIGTERM').exitCode], [130, 143]);
});

test('what the machine says no to comes with what to do about it', () => {
  const hintOn = (code: string): string | undefined =>
    new LocalError('out: no', { cause: Object.assign(new Error(code), { code }) }).hint;
  assert.match(hintOn('ENOSPC') ?? '', /^free up disk space/);
  assert.match(hintOn('EACCES') ?? '', /^fix the permissions/);
  assert.match(hintOn('ENOENT') ?? '', /^create the folder/);
  assert.equal(hintOn('EIO'), undefined);
  assert.equal(new LocalError('no', { hint: 'own' }).hint, 'own');
});

test('whatever was thrown has a message', () => {
  assert.deepEqual([new Error('a'), 'b', undefined].map(messageOf), ['a', 'b', 'undefined']);
});

test('what the system reports is told in words', async () => {
  const refused = await connect(1).catch(messageOf);
  assert.equal(refused, 'connection refused: 127.0.0.1:1');
  assert.equal(messageOf(new AggregateError([new Error('first'), new Error('second')])), 'first');
  assert.throws(
    () => readFileSync('/no/such/file'),
    (error) => messageOf(error) === 'no such file or directory',
  );
  const unknownHost = { code: 'ENOTFOUND', errno: -3008, syscall: 'getaddrinfo', hostname: 'x.test' };
  assert.equal(
    messageOf(Object.assign(new Error('getaddrinfo ENOTFOUND x.test'), unknownHost)),
    'no such host: x.test',
  );
});

async function connect(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
}
