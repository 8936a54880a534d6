import type { Session } from '../../session/session.js';

/** Says that the commands printed are REST, where the run itself would not be: curl has no gRPC. */
export function noteCurlTransport(session: Session): void {
  if (session.settings().transport?.value !== 'grpc') return;
  session.messages.info('--curl prints REST requests, whatever --transport says');
}
