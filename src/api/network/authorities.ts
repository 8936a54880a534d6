import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UsageError } from '../../errors.js';

const block = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * The certificates of a file of PEM, and those of NODE_EXTRA_CA_CERTS, which Node passes over where others are named.
 *
 * @param name - of the file, for the error
 * @throws UsageError where the file holds none, or one that is damaged: TLS would take no notice
 */
export function authorities(
  pem: string,
  name: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const found = pem.match(block) ?? [];
  if (found.length === 0 || !found.every(isCertificate)) {
    const what = found.length === 0 ? 'no certificate' : 'a damaged certificate';
    throw new UsageError(`${name} contains ${what}`, {
      hint: 'expected PEM, beginning with -----BEGIN CERTIFICATE-----',
    });
  }
  return [...found, ...extra(env['NODE_EXTRA_CA_CERTS'] ?? '')];
}

/** Node has warned by now if it can't be read. */
function extra(file: string): readonly string[] {
  try {
    return file === '' ? [] : (readFileSync(file, 'utf8').match(block) ?? []).filter(isCertificate);
  } catch {
    return [];
  }
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}
