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

Has clients that nobody here wrote work with an org on this machine, and prints a table of client × operation. A client that is
missing is got from the npm registry or PyPI and kept in the cache folder, outside the repository (the Salesforce CLI has 300 MB).

  --client NAME   a client to check; repeat it for several (default: all)
                  ${clients.join(', ')}
  --out DIR       write conformance.json and conformance.md into a folder
  --json          print the results as JSON instead of the table
  --help          print this text

Exit codes: 0 when everything passed or is explained, 1 when something failed, 2 for arguments that make no sense.
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
    throw new ArgumentsError(`--client takes one of ${known.join(', ')}, not '${unknown}'.`);
  return {
    clients: named.length === 0 ? known : known.filter((name) => named.includes(name)),
    out: values.out,
    json: values.json,
    help: values.help,
  };
}
