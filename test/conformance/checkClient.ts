import { startLocalOrg, type LocalOrg } from 'salesforce-local-org';
import type { CleanUp } from '../../tools/cleanUp.js';
import { outcomeOf, reasonOf, withoutSecrets, type Cell, type Outcome } from './cell.js';
import type { Client, ClientRelease, Session } from './client.js';
import type { Operation } from './operation.js';

/** The version for most operations, which all clients support except those for a single other one. */
const usualApiVersion = '66.0';

/** How the cells of a client are found out. */
export interface ClientCheck {
  release: ClientRelease;
  operations: readonly Operation[];
  /** Gets what must be ended or removed, even if the check itself is interrupted. */
  cleanUp: CleanUp;
  onCell: (cell: Cell) => void;
}

/** Runs the operations with a client, one after another, with its own org. */
export async function checkClient(check: ClientCheck): Promise<Cell[]> {
  const { release, operations, onCell } = check;
  const cells: Cell[] = [];
  const add = (operation: Operation, outcome: Outcome): void => {
    const cell = { client: release.name, operation: operation.name, outcome };
    cells.push(cell);
    onCell(cell);
  };
  let open: (session: Session) => Promise<Client>;
  try {
    open = await release.install();
  } catch (error) {
    const outcome = { kind: 'notInstalled', why: withoutSecrets(reasonOf(error)) } as const;
    for (const operation of operations) add(operation, outcome);
    return cells;
  }
  const end: (() => Promise<void>)[] = [];
  try {
    const org = await startOrg(check, 0, end);
    const apiVersion = release.apiVersion ?? usualApiVersion;
    const session: Session = { org, accessToken: org.accessToken, apiVersion };
    const client = await openClient(check, open, session, end);
    for (const operation of operations)
      add(operation, await outcomeOf(() => run(check, operation, open, client, session)));
  } catch (error) {
    const why = `It could not be opened: ${withoutSecrets(reasonOf(error))}`;
    for (const operation of operations.slice(cells.length)) add(operation, { kind: 'failed', why });
  } finally {
    for (const task of end.reverse()) await task();
  }
  return cells;
}

async function run(
  check: ClientCheck,
  operation: Operation,
  open: (session: Session) => Promise<Client>,
  client: Client,
  session: Session,
): Promise<void> {
  const end: (() => Promise<void>)[] = [];
  try {
    await operation.check({
      org: session.org,
      client,
      apiVersion: session.apiVersion,
      open: (changes) => openClient(check, open, { ...session, ...changes }, end),
      startOrg: (deployMs) => startOrg(check, deployMs, end),
    });
  } finally {
    for (const task of end.reverse()) await task();
  }
}

async function startOrg(
  { release, cleanUp }: ClientCheck,
  deployMs: number,
  end: (() => Promise<void>)[],
): Promise<LocalOrg> {
  const server = await startLocalOrg({ orgs: [release.name], https: release.needsHttps, deployMs });
  end.push(cleanUp.add(() => server.close()));
  return server.org(release.name);
}

async function openClient(
  { cleanUp }: ClientCheck,
  open: (session: Session) => Promise<Client>,
  session: Session,
  end: (() => Promise<void>)[],
): Promise<Client> {
  const client = await open(session);
  end.push(cleanUp.add(() => client.close()));
  return client;
}
