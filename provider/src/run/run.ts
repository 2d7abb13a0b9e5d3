import { AppLines } from './appLines.js';
import { Declarations } from './declarations.js';
import { EngineLog } from './engine.js';
import type { ResourceLog } from './engine.js';
import { EngineAddress } from './engineAddress.js';
import { EngineWatch } from './engineWatch.js';
import { SignedInOrgs } from './signedInOrgs.js';
import { StackConfiguration } from './stackConfiguration.js';
import type { ConfigurationOrigin } from './stackConfiguration.js';
import { stackLog } from './stackLog.js';

/** What the host passes to `configure`, as far as it is used. */
export interface ConfigureRequest {
  config: { get(key: string): unknown };
}

/** By which door a run came in, as far as it makes a difference. */
export interface Entry {
  /** Whether the engine ends a preview at the first resource that is refused. */
  readonly endsPreviewAtRefusal: boolean;
}

/** A dynamic provider looks at the org in check and diff, whose first refusal ends a preview. */
const dynamicEntry: Entry = { endsPreviewAtRefusal: true };

/**
 * What a provider process remembers: one phase of one run. The entry makes one; each function of the life cycle names the parts that it
 * needs.
 */
export class Run {
  /** What the running program declares. */
  readonly declarations = new Declarations();
  readonly log: EngineLog;
  readonly stackLog: ResourceLog;
  readonly appLines: AppLines;
  readonly configuration: StackConfiguration;
  readonly orgs: SignedInOrgs;
  readonly #engine: EngineAddress;
  readonly #engineWatch = new EngineWatch();

  constructor(
    readonly entry: Entry = dynamicEntry,
    engine = new EngineAddress(),
  ) {
    this.#engine = engine;
    this.log = new EngineLog(engine);
    this.stackLog = stackLog(this.log);
    this.appLines = new AppLines(this.log, this.stackLog);
    this.configuration = new StackConfiguration(this.declarations, this.stackLog.warn);
    this.orgs = new SignedInOrgs(this.declarations, this.configuration, this.stackLog, engine);
  }

  /**
   * Takes the stack's configuration. Synchronous and without any work, because the host lets other calls through while it
   * waits, and goes on unconfigured when this throws.
   */
  configure(request: ConfigureRequest, origin?: ConfigurationOrigin): void {
    this.configuration.use((key) => request.config.get(key), origin);
    this.#engineWatch.start(this.#engine);
  }
}
