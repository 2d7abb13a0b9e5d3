import { Declarations } from './declarations.js';
import { EngineLog } from './engine.js';
import { EngineWatch } from './engineWatch.js';
import { SignedInOrgs } from './signedInOrgs.js';
import { StackConfiguration } from './stackConfiguration.js';
import { stackLog } from './stackLog.js';

/** What the host passes to `configure`, as far as it is used. */
export interface ConfigureRequest {
  config: { get(key: string): unknown };
}

/**
 * What a provider process remembers: one phase of one run. The entry makes one; each function of the life cycle names the parts that it
 * needs.
 */
export class Run {
  /** What the running program declares. */
  readonly declarations = new Declarations();
  readonly log = new EngineLog();
  readonly stackLog = stackLog(this.log);
  readonly configuration = new StackConfiguration(this.declarations, this.stackLog.warn);
  readonly orgs = new SignedInOrgs(this.declarations, this.configuration, this.stackLog);
  readonly #engineWatch = new EngineWatch();

  /**
   * Takes the stack's configuration. Synchronous and without any work, because the host lets other calls through while it
   * waits, and goes on unconfigured when this throws.
   */
  configure(request: ConfigureRequest): void {
    this.configuration.use((key) => request.config.get(key));
    this.#engineWatch.start();
  }
}
