import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { sandboxFolder } from '../../core/settings/folders.js';
import { exitCodes, UsageError, type ExitCode } from '../../errors.js';
import { sanitizeForTerminal, shellWord } from '../../render/text.js';
import { fileText } from '../../session/option-files.js';
import { startServer } from '../../session/embedded-sandbox.js';
import type { TlsFiles } from '../../sandbox/connections.js';
import type { SandboxRequest } from './command.js';
import type { Session } from '../../session/session.js';

/** Serves until a signal ends it, which is what it is there for: exit 0. */
export async function runSandbox(request: SandboxRequest, session: Session): Promise<ExitCode> {
  const { context, messages, out } = session;
  const folder = request.dataDir === undefined ? sandboxFolder(context) : resolve(context.cwd, request.dataDir);
  const { memory, tls, buckets, ...rest } = request;
  // it may run for days, and other processes read its times: the machine's clock, as it is set by then
  const sandbox = await startServer({
    ...rest,
    dataDir: memory ? undefined : folder,
    now: Date.now,
    tls: tls && (await readTls(tls, context)),
    buckets: await Promise.all(buckets.map((bucket) => locateBucket(bucket, context.cwd))),
  });
  try {
    await out.write(`export CLARIFAI_API_BASE=${sandbox.url}\nexport CLARIFAI_PAT=${shellWord(request.key)}\n`);
    await out.written();
    const where = memory ? 'in memory' : `in ${sanitizeForTerminal(folder)}`;
    messages.info(`sandbox: listening on ${sandbox.url}, state ${where}`);
    for (const hint of clientHints(new URL(sandbox.url))) messages.info(`sandbox: ${hint}`);
    for (const { name } of buckets)
      messages.info(`sandbox: bucket ${name}: clarifai-inputs add s3://${shellWord(name)}/`);
    messages.info(`sandbox: open ${sandbox.url}/ to watch the inputs; press Ctrl-C to stop`);
    if (!context.stopping.aborted) await once(context.stopping, 'abort');
  } finally {
    await sandbox.close();
  }
  return exitCodes.ok;
}

type Bucket = SandboxRequest['buckets'][number];

/** With its folder from the root on. Throws UsageError where there is none. */
async function locateBucket(bucket: Bucket, cwd: string): Promise<Bucket> {
  const folder = resolve(cwd, bucket.folder);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() === true) return { ...bucket, folder };
  throw new UsageError(`--bucket ${bucket.name}: no such folder: ${bucket.folder}`);
}

async function readTls({ certFile, keyFile }: NonNullable<SandboxRequest['tls']>, context: Context): Promise<TlsFiles> {
  return {
    cert: await fileText(certFile, '--tls-cert', context),
    key: await fileText(keyFile, '--tls-key', context),
  };
}

/** How the vendor's clients are pointed at the sandbox, a line for each. Its SDKs read CLARIFAI_API_BASE by themselves. */
function clientHints({ protocol, hostname, port: given }: URL): readonly string[] {
  // a URL leaves out the port that is its scheme's own, which clients of gRPC do not know
  const port = given === '' ? (protocol === 'https:' ? '443' : '80') : given;
  const host = `${hostname}:${port}`;
  const calls =
    protocol === 'https:'
      ? {
          Node: `ClarifaiStub.grpc('${host}'), with NODE_EXTRA_CA_CERTS=CERT`,
          Python: `ClarifaiChannel.get_grpc_channel('${host}', CERT)`,
          Java: `NettyChannelBuilder.forTarget("${host}").sslContext(GrpcSslContexts.forClient().trustManager(CERT).build())`,
        }
      : {
          Node: `new V2Client('${host}', grpc.credentials.createInsecure())`,
          Python: `ClarifaiChannel.get_insecure_grpc_channel('${hostname}', ${port})`,
          Java: `ManagedChannelBuilder.forTarget("${host}").usePlaintext()`,
        };
  return Object.entries(calls).map(([language, call]) => `${language}: ${call}`);
}
