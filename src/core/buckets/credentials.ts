import { isSecret, type AwsCredentials } from '../../api/jobs.js';
import { UsageError } from '../../errors.js';

type Env = Readonly<Record<string, string | undefined>>;

/** The AWS credentials of the environment, named as AWS's own tools name them. Throws UsageError where there are none. */
export function readAwsCredentials(env: Env): AwsCredentials {
  const id = valueOf(env, 'AWS_ACCESS_KEY_ID');
  const secret = valueOf(env, 'AWS_SECRET_ACCESS_KEY');
  if (id === undefined || secret === undefined) {
    const name = id === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
    throw new UsageError(`${name} is not set`, {
      hint: 'set it, for example with: eval "$(aws configure export-credentials --format env)"',
    });
  }
  return {
    id,
    secret,
    token: valueOf(env, 'AWS_SESSION_TOKEN'),
    region: valueOf(env, 'AWS_REGION') ?? valueOf(env, 'AWS_DEFAULT_REGION'),
  };
}

/** The texts of the environment that no output may show, though a service repeats them. */
export function secretsIn(env: Env): readonly string[] {
  const names = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_ACCESS_KEY_ID'];
  return names.flatMap((name) => valueOf(env, name) ?? []).filter(isSecret);
}

function valueOf(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
