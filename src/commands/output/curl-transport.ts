import type { Session } from '../../session/session.js';

/** Says that the commands printed are REST, where the run itself would not be: curl has no gRPC. */
export function noteCurlTransport({ context, options, settings }: Session): void {
  if (settings.transport?.value !== 'grpc' || options.quiet) return;
  context.stderr.write('--curl prints REST requests, whatever --transport says\n');
}
