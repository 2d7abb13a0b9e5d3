/**
 * How certain a rule is: from Salesforce's documentation or schema (`documented`), from the source of Salesforce's own tools, from several
 * public reports that agree, from one project's report, or inferred from the rest (`inference`).
 */
export type Certainty = 'documented' | "Salesforce's tools" | 'several reports' | 'one report' | 'inference';

/** A rule of an org, with its source. */
export interface KnownRule {
  /** What an org does, in one sentence. */
  readonly rule: string;
  /** The source, and what is less certain. */
  readonly source: string;
}

/** The switches of an org that each affect one rule. */
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

/** A rule of the local org. An uncertain one has a switch. */
export type OrgRule =
  | (KnownRule & { readonly certainty: 'documented' | "Salesforce's tools" | 'several reports' })
  | (KnownRule & {
      readonly certainty: Certainty;
      /** Whether the rule applies in a new org; its name is the switch. */
      readonly initially: 'on' | 'off';
    })
  | (KnownRule & {
      readonly certainty: Certainty;
      /** The separate switch for the rule. */
      readonly switch: OwnSwitch;
    });
