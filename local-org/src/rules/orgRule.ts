/**
 * How well a rule is known: by Salesforce's documentation or schema (`documented`), by the source of Salesforce's own tools, by several
 * public reports that agree, by one project's report, or by nobody: it follows from the rest (`inference`).
 */
export type Certainty = 'documented' | "Salesforce's tools" | 'several reports' | 'one report' | 'inference';

/** What a rule of an org says, and who says so. */
export interface KnownRule {
  /** What an org does, in a sentence. */
  readonly rule: string;
  /** Where it comes from, and what of it is less sure. */
  readonly source: string;
}

/** The switches of an org that are about one rule each. */
export type OwnSwitch =
  | 'cancelNextDeploy'
  | 'finalizingStatus'
  | 'hideComponent'
  | 'omitFromReadMetadata'
  | 'refusePluginSettings'
  | 'refuseReadMetadata'
  | 'returnCertificate'
  | 'spreadMs'
  | 'wildcardReturnsManaged';

/** A rule that the local org keeps. What is not sure can be switched. */
export type OrgRule =
  | (KnownRule & { readonly certainty: 'documented' | "Salesforce's tools" | 'several reports' })
  | (KnownRule & {
      readonly certainty: Certainty;
      /** Whether the rule holds in a new org; it is switched by its name. */
      readonly initially: 'on' | 'off';
    })
  | (KnownRule & {
      readonly certainty: Certainty;
      /** The switch of its own that decides about the rule. */
      readonly switch: OwnSwitch;
    });
