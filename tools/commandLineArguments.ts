import { parseArgs, type ParseArgsConfig } from 'node:util';

/** The arguments of a tool make no sense; the message says which and what is allowed. */
export class ArgumentsError extends Error {
  override readonly name = 'ArgumentsError';
}

/**
 * The options in a tool's arguments; it accepts no others and nothing else.
 *
 * @throws ArgumentsError
 */
export function parseArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], strict: true, allowPositionals: false, options }).values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Node's text goes on with advice about positional arguments, which there are none of.
    throw new ArgumentsError(message.replace(/(?:\. To specify.*|\.)?$/s, '.'));
  }
}
