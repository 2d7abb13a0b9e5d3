import assert from 'node:assert/strict';
import { startLocalOrg, type LocalOrg, type LocalOrgOptions, type LocalOrgRole } from 'salesforce-local-org';
import {
  DynamicProviderProcess,
  type Bag,
  type DynamicProviderProcessOptions,
} from './dynamicProviderProcess.js';
import { policyUrn } from './policyProgram.js';

/** Settings of the `salesforce:` namespace for one org, by key. */
export type OrgSettings = Readonly<Record<string, string>>;

/** Signs in by JWT bearer as the org's developer. */
export function jwtBearer(org: LocalOrg): OrgSettings {
  return {
    instanceUrl: org.instanceUrl,
    clientId: org.clientId,
    username: org.username,
    privateKey: org.privateKey,
  };
}

/** Signs in with the access token of the org's developer, or of the user of another role. */
export function accessToken(org: LocalOrg, role: LocalOrgRole = 'developer'): OrgSettings {
  const user = org.users.find((candidate) => candidate.role === role);
  assert.ok(user, `the org has no user of the role ${role}`);
  return { instanceUrl: org.instanceUrl, accessToken: user.accessToken };
}

/** A stack's configuration with top-level settings and an entry of `salesforce:orgs` for each alias. */
export function configuration(
  topLevel: OrgSettings,
  aliases: Readonly<Record<string, OrgSettings>> = {},
): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(topLevel).map(([key, value]) => [`salesforce:${key}`, value])),
    ...(Object.keys(aliases).length === 0 ? {} : { 'salesforce:orgs': JSON.stringify(aliases) }),
  };
}

/** What {@link Stage.open} takes. */
export interface StageOptions {
  localOrg?: LocalOrgOptions;
  process?: DynamicProviderProcessOptions;
  /** The stack's configuration; default: JWT bearer with the first org. */
  configuration?: (orgs: readonly LocalOrg[]) => Record<string, string>;
}

/** A resource as the engine knows it after create. */
export interface CreatedResource {
  id: string;
  inputs: Bag;
  outs: Bag;
}

/** Local orgs, and one configured dynamic provider process: one phase of one run. */
export class Stage {
  /** The inputs of what is declared, by name. */
  readonly #declared = new Map<string, Bag>();

  private constructor(
    readonly orgs: readonly LocalOrg[],
    readonly host: DynamicProviderProcess,
    private readonly closeOrgs: () => Promise<void>,
  ) {}

  static async open(options: StageOptions = {}): Promise<Stage> {
    const server = await startLocalOrg(options.localOrg);
    let host: DynamicProviderProcess | undefined;
    try {
      host = await DynamicProviderProcess.start(options.process);
      const stage = new Stage(server.orgs, host, () => server.close());
      await host.configure(options.configuration?.(server.orgs) ?? configuration(jwtBearer(stage.org)));
      return stage;
    } catch (error) {
      await host?.dispose();
      await server.close();
      throw error;
    }
  }

  /** The first org. */
  get org(): LocalOrg {
    const [org] = this.orgs;
    assert.ok(org);
    return org;
  }

  /**
   * Declares a resource of the running program, as the engine does before everything else.
   *
   * @returns the checked inputs
   */
  async declare(name: string, args: Bag, olds: Bag = {}): Promise<Bag> {
    const { inputs, failures } = await this.check(name, args, olds);
    assert.deepEqual(failures, []);
    return inputs;
  }

  /** Checks inputs as the resource class sends them, hidden ones included. */
  async check(name: string, args: Bag, olds: Bag = {}): ReturnType<DynamicProviderProcess['check']> {
    this.#declared.set(name, args);
    return this.host.check(olds, { ...args, __dryRun: false, __urn: policyUrn(name) });
  }

  /** Checks inputs as in a preview. */
  async preview(name: string, args: Bag, olds: Bag = {}): ReturnType<DynamicProviderProcess['check']> {
    this.#declared.set(name, args);
    return this.host.check(olds, { ...args, __dryRun: true, __urn: policyUrn(name) });
  }

  /** Declares other apps under every name, so that what a test declared is nothing to the next one in the same process. */
  async forgetDeclarations(): Promise<void> {
    for (const [name, { org }] of this.#declared) {
      await this.host.check(
        {},
        {
          externalClientApplication: `Forgotten_${name.replaceAll('-', '_')}`,
          isNamedUserJwtEnabled: false,
          ...(org === undefined ? {} : { org }),
          __dryRun: false,
          __urn: policyUrn(name),
        },
      );
    }
    this.#declared.clear();
  }

  /** Declares and creates a resource. */
  async create(name: string, args: Bag): Promise<CreatedResource> {
    const inputs = await this.declare(name, args);
    return { inputs, ...(await this.host.create(inputs)) };
  }

  /** Ends the process and the orgs. Fails when the process ever printed a stack trace. */
  async close(): Promise<void> {
    const { output } = this.host;
    try {
      await this.host.dispose();
    } finally {
      await this.closeOrgs();
    }
    assert.doesNotMatch(output, /\n\s+at /, 'the provider process printed a stack trace');
  }
}
