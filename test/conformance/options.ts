import { ArgumentsError, parseArguments } from '../../tools/commandLineArguments.js';

/** What one run checks. */
export interface ConformanceOptions {
  /** Names of clients. */
  clients: readonly string[];
  /** A folder for the results; undefined: none are written. */
  out: string | undefined;
  /** Whether stdout gets the results as JSON instead of the table. */
  json: boolean;
  help: boolean;
}

/** What `--help` prints. */
export function usage(clients: readonly string[]): string {
  return `Usage: npm run conformance -- [options]

Runs third-party clients against a local org and prints a table of client ×
operation. A missing client is downloaded from the npm registry or PyPI and kept
in the cache folder, outside the repository (the Salesforce CLI has 300 MB).

  --client NAME   a client to check; repeatable (default: all)
                  ${clients.join(', ')}
  --out DIR       write conformance.json and conformance.md to a folder
  --json          print the results as JSON instead of the table
  --help          print this text

Exit codes: 0 if everything passed or is explained, 1 if something failed, 2 for
invalid arguments.
`;
}

const optionDefinitions = {
  client: { type: 'string', multiple: true },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the arguments after the command's name.
 *
 * @param known names of the clients that there are
 * @throws ArgumentsError
 */
export function parseOptions(args: readonly string[], known: readonly string[]): ConformanceOptions {
  const { client: named = [], ...values } = parseArguments(args, optionDefinitions);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ArgumentsError(`--client must be one of ${known.join(', ')} (found '${unknown}').`);
  return {
    clients: named.length === 0 ? known : known.filter((name) => named.includes(name)),
    out: values.out,
    json: values.json,
    help: values.help,
  };
}
