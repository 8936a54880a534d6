import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TempFolder } from '../../temp-folder.js';
import { byUrl, key, raw } from '../raw-http.js';
import { pageSnippets, snippetIds } from './page-snippets.js';

const python = '/usr/bin/python3';
const plugin = '/usr/bin/grpc_python_plugin';
const hasGrpc = existsSync(plugin) && spawnSync(python, ['-c', 'import grpc']).status === 0;
const skip = hasGrpc ? false : 'python3-grpcio and protobuf-compiler-grpc are not installed';

/** The folders of the vendor's .proto files, and of what they import. */
function protoFolders(): readonly string[] {
  const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  return [join(modules, 'clarifai-nodejs-grpc'), join(modules, 'protobufjs')];
}

function compileStubs(folder: string): void {
  const [own = '', imported = ''] = protoFolders();
  const api = ['resources', 'service', 'status/status', 'status/status_code', 'utils/extensions', 'utils/matrix'];
  const auth = ['util/extension', 'scope/scope', 'types/types'];
  const files = [...api.map((name) => `api/${name}`), ...auth.map((name) => `auth/${name}`)];
  const { status, stderr } = spawnSync('protoc', [
    `-I${own}`,
    `-I${imported}`,
    `--python_out=${folder}`,
    `--grpc_python_out=${folder}`,
    `--plugin=protoc-gen-grpc_python=${plugin}`,
    ...files.map((name) => `proto/clarifai/${name}.proto`),
    'google/api/annotations.proto',
    'google/api/http.proto',
  ]);
  assert.equal(status, 0, String(stderr));
}

async function runPython(folder: string, port: number, codes: readonly string[]): Promise<readonly string[]> {
  const program = fileURLToPath(new URL('run-python.py', import.meta.url));
  const env = { ...process.env, PYTHONPATH: folder };
  const child = spawn(python, [program, String(port), key], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(codes));
  const outcomes: unknown = JSON.parse(await text(child.stdout));
  assert.ok(Array.isArray(outcomes));
  return outcomes.map(String);
}

// The field is gone from the client of today
const misprints: Readonly<Record<string, RegExp>> = { 'Delete all inputs': /delete_all/ };

test("the page's snippets for Python run as they stand, with Debian's gRPC", { skip }, async (t) => {
  const folder = new TempFolder(t).path;
  compileStubs(folder);
  const snippets = pageSnippets('python');
  assert.equal(snippets.length, 16);
  const { port, call, clock } = await raw(t, { deleteMs: 600_000 });
  const inputs = snippetIds.map((id) => byUrl(id, { concepts: [{ id: 'tree' }, { id: 'water' }] }));
  await call('POST', '/v2/inputs', { inputs });
  clock.ms += 1500;
  const outcomes = await runPython(
    folder,
    port,
    snippets.map(({ code }) => code),
  );
  for (const [at, { title }] of snippets.entries()) {
    assert.match(outcomes[at] ?? 'not run', misprints[title] ?? /^$/, title);
  }
});

test("Debian's client adds 20 MB and a batch of 100 MB", { skip }, async (t) => {
  const folder = new TempFolder(t).path;
  compileStubs(folder);
  const { port, call } = await raw(t);
  const add = (count: number): string => `
image = lambda: resources_pb2.Input(data=resources_pb2.Data(image=resources_pb2.Image(base64=b"x" * 20000000)))
answer = stub.PostInputs(service_pb2.PostInputsRequest(inputs=[image() for _ in range(${count})]), metadata=metadata)
assert [i.status.code for i in answer.inputs] == [30001] * ${count}, answer.status
`;
  assert.deepEqual(await runPython(folder, port, [add(1), add(5)]), ['', '']);
  assert.equal((await call('GET', '/v2/inputs/status')).body.counts?.['to_process'], 6);
});
