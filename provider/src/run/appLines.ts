import { describeApps } from '../reconcile/request.js';
import type { NamedOrg } from '../reconcile/request.js';
import type { EngineLog, ResourceLog } from './engine/engineLog.js';
import type { ProcessEnd } from './engine/processEnd.js';

/** How long a line waits for equal ones, in milliseconds: in a preview the engine checks one resource after the other. */
const gatherMilliseconds = 200;

interface AppLine {
  kind: 'inform' | 'warn';
  app: string;
  org: NamedOrg;
  /** The line about an app, or about several. */
  format: (subject: string) => string;
}

/** Lines about apps, logged at the stack: those that are equal but for the app become one, with the names of the apps. */
export class AppLines {
  readonly #log: Pick<EngineLog, 'delivered'>;
  readonly #stackLog: ResourceLog;
  readonly #processEnd: ProcessEnd;
  #gathered: AppLine[] = [];
  #logged = Promise.withResolvers<undefined>();
  #timer: NodeJS.Timeout | undefined;

  /** @param stackLog where each text is logged once in a run */
  constructor(log: Pick<EngineLog, 'delivered'>, stackLog: ResourceLog, processEnd: ProcessEnd) {
    this.#processEnd = processEnd;
    this.#log = log;
    this.#stackLog = stackLog;
  }

  /**
   * Logs a line about an app.
   *
   * @param format the line about a subject
   * @returns when it has been delivered
   */
  inform(app: string, org: NamedOrg, format: AppLine['format']): Promise<undefined> {
    return this.#gather({ kind: 'inform', app, org, format });
  }

  /** Logs a warning about an app. */
  warn(app: string, org: NamedOrg, format: AppLine['format']): Promise<undefined> {
    return this.#gather({ kind: 'warn', app, org, format });
  }

  #gather(line: AppLine): Promise<undefined> {
    if (this.#gathered.length === 0) {
      this.#processEnd.add(this.#end);
    }
    this.#gathered.push(line);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#flush, gatherMilliseconds);
    return this.#logged.promise;
  }

  readonly #flush = (): void => {
    clearTimeout(this.#timer);
    this.#processEnd.remove(this.#end);
    const groups = [
      ...Map.groupBy(
        this.#gathered,
        ({ kind, org, format }) => kind + format(describeApps([''], org)),
      ).values(),
    ];
    // Names are left out of one group only, so that it is clear what is said of each app.
    const mostOften = groups
      .filter(([first]) => first?.kind === 'inform')
      .reduce<AppLine[]>((most, group) => (group.length > most.length ? group : most), []);
    for (const group of groups) {
      const [{ kind, org, format }] = group as [AppLine, ...AppLine[]];
      this.#stackLog[kind](
        format(
          describeApps(
            group.map(({ app }) => app),
            org,
            group === mostOften,
          ),
        ),
      );
    }
    this.#gathered = [];
    const { resolve } = this.#logged;
    void this.#log.delivered().then(() => {
      resolve(undefined);
    });
    this.#logged = Promise.withResolvers();
  };

  readonly #end = async (): Promise<void> => {
    this.#flush();
    await this.#log.delivered();
  };
}
