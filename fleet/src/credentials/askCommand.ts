import { runLimited } from '../limitedCommand.js';
import { oneLine } from '../oneLine.js';
import { redact } from './redact.js';

/** The command that a worker asks for credentials, from its own settings. */
export interface CredentialsCommand {
  /** The program and its arguments. It is run without a shell. */
  readonly command: readonly string[];
  /** The reference is its standard input, or one last argument. */
  readonly passReferenceAs: 'stdin' | 'argument';
  /** The folder that it runs in; by default the worker's. */
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** The most that it may print, in bytes. */
  readonly mostOutput?: number;
}

/** The command for credentials failed, or its answer makes no sense. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * A reference is never the beginning of an option, and has nothing that a shell reads: a command may be a script that passes it on.
 */
const allowedReference = /^[A-Za-z0-9_./:@][A-Za-z0-9_./:@-]{0,511}$/;

/** Whether a text may be a reference. */
export const isReference = (text: string): boolean => allowedReference.test(text);

const defaultTimeoutMs = 30_000;
const defaultMostOutput = 256 * 1024;

/**
 * Asks a command and returns the object that it prints.
 *
 * @param env the environment of the command
 * @throws CredentialsError without anything of what it printed, except its cleaned and redacted errors
 */
export async function askCommand(
  {
    command,
    passReferenceAs,
    cwd,
    timeoutMs = defaultTimeoutMs,
    mostOutput = defaultMostOutput,
  }: CredentialsCommand,
  reference: string,
  env: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, unknown>>> {
  if (!isReference(reference)) {
    throw new CredentialsError(`"${oneLine(reference)}" cannot be a reference to credentials`);
  }
  const { stdout, stderr, failure } = await runLimited({
    command: passReferenceAs === 'argument' ? [...command, reference] : command,
    ...(passReferenceAs === 'stdin' ? { input: `${reference}\n` } : {}),
    ...(cwd === undefined ? {} : { cwd }),
    env,
    timeoutMs,
    mostOutput,
  });
  const subject = `the command for credentials failed for ${reference}`;
  if (failure !== undefined) {
    // Whatever it printed before it failed may be a credential that appears in its errors too.
    const errors = oneLine(redact(stderr, stdout.split(/["'\s]+/)), 500);
    throw new CredentialsError(`${subject}: ${failure}${errors === '' ? '' : ` (${errors})`}`);
  }
  const answer = parseObject(stdout);
  if (answer === undefined) throw new CredentialsError(`${subject}: it did not print a JSON object`);
  return answer;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
