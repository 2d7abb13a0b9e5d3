/** The variables with secrets for state backends. */
const variables = [
  'PGPASSWORD',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'PULUMI_ACCESS_TOKEN',
  'PULUMI_CONFIG_PASSPHRASE',
] as const;

/**
 * What a state backend takes as secret: the password in its address, and those in the worker's environment. The Pulumi CLI masks the
 * password when it names a lock, but not when it cannot reach the database.
 *
 * @param backend as `PULUMI_BACKEND_URL`; by default that of the environment
 */
export function backendSecrets(backend: string | undefined, env: NodeJS.ProcessEnv): readonly string[] {
  const address = backend ?? env['PULUMI_BACKEND_URL'] ?? '';
  const password = /^[a-z0-9+]+:\/\/[^:@/?]*:(.+?)@/i.exec(address)?.[1] ?? '';
  return [password, decoded(password), ...variables.map((name) => env[name] ?? '')].filter(
    (text) => text !== '',
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
