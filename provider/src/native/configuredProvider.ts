import type { OrgSnapshot } from '../reconcile/apps/readOrg.js';
import type { EngineAddress } from '../run/engine/engineAddress.js';
import { Run } from '../run/run.js';
import type { SettingsPlace } from '../signIn/settingAdvice.js';
import { settingsPlaceOf } from './providerConfiguration.js';

/** A provider of a program in one phase of one run. */
export class ConfiguredProvider {
  readonly run: Run;
  /** Where its settings come from, as messages name them. */
  readonly settings: SettingsPlace;
  /** Whole orgs as functions and imports see them, by alias. */
  readonly #looks = new Map<string | undefined, Promise<OrgSnapshot>>();

  /** @param name the name of the provider resource; empty until it is configured */
  constructor(
    engine: EngineAddress,
    readonly name: string,
  ) {
    this.settings = settingsPlaceOf(name);
    // It looks at the org in create and update, so that a preview shows every refusal.
    this.run = new Run({ endsPreviewAtRefusal: false, settings: this.settings }, engine);
  }

  /**
   * Every app of an org: one look serves all calls, until something may have been deployed.
   *
   * @param alias a key of `orgs`; `undefined` for the settings of the provider itself
   * @throws ProviderError when the sign-in fails or the org cannot be read
   */
  async look(alias: string | undefined): Promise<OrgSnapshot> {
    const look = this.#looks.get(alias) ?? this.#readOrg(alias);
    this.#looks.set(alias, look);
    return look;
  }

  /** Forgets what the orgs looked like: something may have been deployed. */
  forgetLooks(): void {
    this.#looks.clear();
  }

  async #readOrg(alias: string | undefined): Promise<OrgSnapshot> {
    const [{ connection }, { readConnectedOrg }] = await Promise.all([
      this.run.orgs.reconcilerFor(alias),
      import('../reconcile/apps/readOrg.js'),
    ]);
    return readConnectedOrg(connection);
  }
}
