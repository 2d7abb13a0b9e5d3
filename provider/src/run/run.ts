import type { SettingsPlace } from '../signIn/settingAdvice.js';
import { AppLines } from './appLines.js';
import { Declarations } from './declarations.js';
import { EngineLog } from './engine/engineLog.js';
import type { ResourceLog } from './engine/engineLog.js';
import { EngineAddress } from './engine/engineAddress.js';
import { EngineWatch } from './engine/engineWatch.js';
import { ProcessEnd } from './engine/processEnd.js';
import { SharedDeclarations } from './sharedDeclarations.js';
import { SignedInOrgs } from './signedInOrgs.js';
import { StackConfiguration } from './stackConfiguration.js';
import type { ConfigurationOrigin } from './stackConfiguration.js';
import { stackLog } from './stackLog.js';

/** The part of the host's `configure` request that is used. */
export interface ConfigureRequest {
  config: { get(key: string): unknown };
}

/** How the provider was started, as far as it makes a difference. */
export interface Entry {
  /** Whether the engine ends a preview at the first resource that is refused. */
  readonly endsPreviewAtRefusal: boolean;
  /** Where its settings come from, as messages name them. */
  readonly settings: SettingsPlace;
}

/** A dynamic provider reads the org in check and diff, where the first refusal ends a preview. */
const dynamicEntry: Entry = { endsPreviewAtRefusal: true, settings: 'salesforce' };

/**
 * What a provider process remembers during one phase of one run. The entry creates one; each life-cycle function names the parts that it
 * needs.
 */
export class Run {
  /** What the running program declares. */
  readonly declarations = new Declarations();
  /** What it declares through all its providers. */
  readonly shared: SharedDeclarations;
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
    const processEnd = new ProcessEnd();
    this.#engine = engine;
    this.shared = new SharedDeclarations(engine, processEnd);
    this.log = new EngineLog(engine, processEnd, entry.settings);
    this.stackLog = stackLog(this.log);
    this.appLines = new AppLines(this.log, this.stackLog, processEnd);
    this.configuration = new StackConfiguration(this.declarations, this.stackLog.warn);
    this.orgs = new SignedInOrgs(this.declarations, this.configuration, this.stackLog, engine);
  }

  /**
   * Receives the stack's configuration. Synchronous and without any work, because the host accepts other calls while it
   * waits, and continues without a configuration when this throws.
   */
  configure(request: ConfigureRequest, origin?: ConfigurationOrigin): void {
    this.configuration.use((key) => request.config.get(key), origin);
    this.#engineWatch.start(this.#engine);
  }
}
