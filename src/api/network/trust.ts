import { errorCode, messageOf } from '../../errors.js';
import { UntrustedServerError } from '../errors.js';

/** Codes of OpenSSL and Node for a certificate that nobody vouches for, that is not the host's, or is out of date. */
const certificateCodes = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export interface Destination {
  /** Its name in errors: `api.clarifai.com`. */
  readonly host: string;
  /** The proxy in between, as a hint names it; undefined if there is none. */
  readonly proxy?: string | undefined;
}

/** Throws UntrustedServerError where an error says that the other side cannot prove who it is. */
export function assertTrusted(error: unknown, { host, proxy }: Destination): void {
  const code = errorCode(error);
  if (code === undefined || !certificateCodes.has(code)) return;
  const message = `${host}: its certificate is not trusted: ${messageOf(error)}`;
  throw new UntrustedServerError(message, { proxy, cause: error });
}
