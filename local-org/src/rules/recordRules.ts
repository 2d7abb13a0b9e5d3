import type { OrgRule } from './orgRule.js';

/** How components are read without a job, and saved without a package. Enforced in `src/soap/recordOperations.ts`. */
export const recordRules = {
  recordLimit: {
    rule: 'readMetadata, updateMetadata and upsertMetadata take up to ten components; more are refused: `record limit reached. cannot submit more than 10 records in this operation`.',
    certainty: 'documented',
    source: 'CRUD calls; EXCEEDED_ID_LIMIT and its text: public issue thread (certinia/apex-mdapi#105)',
  },
  typesRead: {
    rule: 'readMetadata reads every type that the org has.',
    certainty: 'documented',
    source:
      'any component that extends Metadata; but real orgs refuse ApexClass (jsforce#1206), and nobody has published a use on policies',
    switch: 'refuseReadMetadata',
  },
  unreadableType: {
    rule: 'readMetadata refuses a type that the version does not have: `This type of metadata is not available for this organization`.',
    certainty: 'several reports',
    source: 'public issue thread (jsforce#1206); that it is so for a type of a later version is inference',
  },
  unknownTypeRead: {
    rule: 'readMetadata refuses such a type as UNKNOWN_EXCEPTION: `… is not a valid metadata type for reading`.',
    certainty: 'one report',
    source: 'public issue thread (certinia/apex-mdapi#194)',
    initially: 'off',
  },
  unloadableRecord: {
    rule: 'A component that cannot be loaded fails the whole call of readMetadata: `An unexpected error occurred.`',
    certainty: 'one report',
    source: 'public issue thread (jsforce#621), of a connected app; the text is inference',
    initially: 'on',
  },
  wholeRecords: {
    rule: 'readMetadata returns every element that a retrieve returns.',
    certainty: 'inference',
    source: 'nobody has published a record of these types',
    switch: 'omitFromReadMetadata',
  },
  recordsOfSchema: {
    rule: 'readMetadata returns only elements that the WSDL has; a retrieved file may hold others.',
    certainty: 'inference',
    source: 'the WSDL types the answer',
    initially: 'on',
  },
} as const satisfies Record<string, OrgRule>;
