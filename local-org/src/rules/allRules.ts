import { componentRules } from './componentRules.js';
import { metadataApiRules } from './metadataApiRules.js';
import type { OrgRule } from './orgRule.js';
import { recordRules } from './recordRules.js';
import { tokenRules } from './tokenRules.js';
import { wireRules } from './wireRules.js';

/** Every rule by the part of the org that it applies to. */
export const orgRuleGroups = {
  Components: componentRules,
  'Metadata API and queries': metadataApiRules,
  'Reading by readMetadata': recordRules,
  'Access tokens': tokenRules,
  'What clients send and take': wireRules,
} as const;

const allRules = {
  ...componentRules,
  ...metadataApiRules,
  ...recordRules,
  ...tokenRules,
  ...wireRules,
} as const;

type AllRules = typeof allRules;

/** The name of a rule. */
export type OrgRuleName = keyof AllRules;

/** The name of a rule that is its own switch, because it is based on one report or inferred. */
export type SwitchableRuleName = {
  [Name in OrgRuleName]: AllRules[Name] extends { initially: string } ? Name : never;
}[OrgRuleName];

/** The rules by name. */
export const orgRules: Readonly<Record<OrgRuleName, OrgRule>> = allRules;

/** Whether each rule with a switch applies in a new org. */
export const initialRules = Object.fromEntries(
  Object.entries<OrgRule>(allRules).flatMap(([name, rule]) =>
    'initially' in rule ? [[name, rule.initially === 'on']] : [],
  ),
) as Readonly<Record<SwitchableRuleName, boolean>>;

/** The rules with a switch. */
export const switchableRuleNames = Object.keys(initialRules) as readonly SwitchableRuleName[];
