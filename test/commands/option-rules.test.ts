import assert from 'node:assert/strict';
import test from 'node:test';
import { Command } from '@commander-js/extra-typings';
import { declareAdd } from '../../src/commands/add/command.js';
import type { Declare } from '../../src/commands/command.js';
import { declareConfig } from '../../src/commands/config/command.js';
import { declareGet } from '../../src/commands/get/command.js';
import { declareList } from '../../src/commands/list/command.js';
import { declarePatch } from '../../src/commands/patch/command.js';
import { declareRm } from '../../src/commands/rm/command.js';
import { declareSandbox } from '../../src/commands/sandbox/command.js';
import { declareStatus } from '../../src/commands/status/command.js';
import { declareStream } from '../../src/commands/stream/command.js';
import { UsageError } from '../../src/errors.js';

/** The requests that words come to, or what is wrong with them; no server is there to be asked. */
async function requestsOf<R>(declare: Declare<R>, words: readonly string[]): Promise<readonly R[]> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const requests: R[] = [];
  const start = (request: R): Promise<void> => {
    requests.push(request);
    return Promise.resolve();
  };
  declare(command, start, () => Promise.reject(new Error('no command here needs the others')));
  await command.parseAsync([...words], { from: 'user' });
  return requests;
}

/** A line of words, and the rule that it breaks. */
type Broken = readonly [words: string, message: string];

function rejects<R>(name: string, declare: Declare<R>, broken: readonly Broken[]): void {
  for (const [words, message] of broken) {
    test(`${name} ${words} is a usage error: ${message}`, async () => {
      await assert.rejects(requestsOf(declare, words.split(' ')), (error) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.equal(error.message, message);
        return true;
      });
    });
  }
}

rejects('add', declareAdd, [
  ['--hidden', 'add: nothing to add'],
  ['a --null', '--null is only supported with --files-from'],
  ['a --map x=path', '--map is only supported with --manifest'],
  ['a --only transient', '--only is only supported with --manifest'],
  ['a b --id one', '--id is only supported with a single source'],
  ['a --url-list u --id one', '--id is only supported with a single source'],
  ['a --id no/id', "--id 'no/id' is not 1 to 48 of A-Z a-z 0-9 _ -"],
  ['a --watch --dry-run', '--watch cannot be used with --dry-run'],
  ['a --watch --curl', '--watch cannot be used with --curl'],
  ['a --watch --manifest m', '--watch cannot be used with --manifest'],
  ['a --watch --id one', '--watch cannot be used with --id'],
  ['a --watch --interactive', '--watch cannot be used with --interactive'],
  ['a --watch --fail-empty', '--watch cannot be used with --fail-empty'],
  ['a --watch --on-failed retry', '--watch cannot be used with --on-failed retry'],
  ['- --interactive', '--interactive cannot be used with sources from stdin'],
  ['--manifest - --interactive', '--interactive cannot be used with sources from stdin'],
  ['a --shard 4/4', "--shard '4/4' is not K/N with K from 0 to N-1"],
  ['a --metadata @', '--metadata @ names no file'],
]);

rejects('list', declareList, [
  ['--page 2 --all', '--page cannot be used with --all'],
  ['--page 2 --limit 3 --where status=ok', '--page cannot be used with --limit or --where'],
]);

rejects('stream', declareStream, [['--follow --descending', '--follow cannot be used with --descending']]);

rejects('get', declareGet, [['--preview', 'get: no ID specified']]);

rejects('patch', declarePatch, [
  ['-c dog', 'patch: no inputs specified'],
  ['a --where status=ok -c dog', 'specify only one of IDs, --where or --from'],
  ['a --from rows', 'specify only one of IDs, --where or --from'],
  ['--where status=ok --from rows', 'specify only one of IDs, --where or --from'],
  ['--from rows -c dog', '--from cannot be used with -c'],
  ['--from rows --metadata {} --geo 1,2', '--from cannot be used with --metadata or --geo'],
  ['--from rows --meta a=b', '--from cannot be used with --meta'],
  ['--from rows --remove-geo', '--from cannot be used with --remove-geo'],
  ['a --remove-concept dog --action merge', '--remove-concept cannot be used with --action'],
  ['a --remove-meta k --action overwrite', '--remove-meta cannot be used with --action'],
  ['--interactive --dry-run', '--interactive cannot be used with --dry-run'],
  ['--interactive -c dog --meta a=b --remove-geo', '--interactive cannot be used with --meta or --remove-geo'],
]);

rejects('rm', declareRm, [
  ['--yes', 'rm: no inputs specified'],
  ['a --all', 'specify only one of IDs, --where or --all'],
  ['a --where status=ok', 'specify only one of IDs, --where or --all'],
  ['--where status=ok --all', 'specify only one of IDs, --where or --all'],
]);

rejects('sandbox', declareSandbox, [
  ['--memory --data d', 'specify only one of --memory or --data'],
  ['--key ü', '--key must consist of visible ASCII characters'],
  ['--bucket a=d --bucket a=e', "--bucket names 'a' twice"],
  ['--bucket a=d --bucket-credentials b=me:key', "--bucket-credentials: no --bucket is named 'b'"],
]);

rejects('config', declareConfig, [
  ['set api-key abc', 'keys are never taken from arguments'],
  ['get nothing', 'unknown setting'],
]);

test('what keeps the rules comes to a request, with the defaults of the declaration', async () => {
  const [add] = await requestsOf(declareAdd, ['a']);
  assert.deepEqual(
    [add?.idFrom, add?.onConflict, add?.onFailed, add?.batchSize, add?.waitMs, add?.interactive],
    ['hash', 'skip', 'keep', 128, 1_800_000, false],
  );
  const [retry] = await requestsOf(declareAdd, ['--manifest', 'm', '--only', 'transient', '--no-wait']);
  assert.deepEqual([retry?.onFailed, retry?.waitMs], ['retry', undefined]);
  assert.deepEqual(await requestsOf(declareList, []), [{ pages: 'one', page: 1, perPage: 128 }]);
  const [limited] = await requestsOf(declareList, ['--limit', '5']);
  assert.deepEqual(limited, { pages: 'all', perPage: 5, limit: 5, where: [] });
  const [stream] = await requestsOf(declareStream, ['--limit', '3', '--where', 'status=ok']);
  assert.deepEqual([stream?.perPage, stream?.where], [1000, ['status=ok']]);
  const [rm] = await requestsOf(declareRm, ['a', '--wait', '--wait-timeout', '2']);
  assert.deepEqual([rm?.words, rm?.waitMs, rm?.all], [['a'], 2000, false]);
  const [status] = await requestsOf(declareStatus, ['--wait-timeout', '2']);
  assert.deepEqual(status, { words: [], waitMs: undefined, concepts: false, jobs: undefined });
  const [tagged] = await requestsOf(declarePatch, ['--interactive', '--where', 'status=ok']);
  assert.deepEqual([tagged?.interactive, tagged?.where], [true, ['status=ok']]);
});

rejects('status', declareStatus, [
  ['a --job j', 'specify only one of IDs, --job, --jobs or --concepts'],
  ['--job j --jobs', 'specify only one of IDs, --job, --jobs or --concepts'],
  ['--jobs --concepts', 'specify only one of IDs, --job, --jobs or --concepts'],
  ['--jobs --wait', '--jobs cannot be used with --wait'],
]);
