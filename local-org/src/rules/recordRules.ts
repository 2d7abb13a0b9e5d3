import type { OrgRule } from './orgRule.js';

/** How components are read without a job, and written without a package. Enforced in `src/soap/recordOperations.ts`. */
export const recordRules = {
  recordLimit: {
    rule: 'readMetadata, updateMetadata and upsertMetadata accept up to ten components and refuse more: `record limit reached. cannot submit more than 10 records in this operation`.',
    certainty: 'documented',
    source: 'CRUD calls; EXCEEDED_ID_LIMIT and its text: public issue thread (certinia/apex-mdapi#105)',
  },
  typesRead: {
    rule: 'readMetadata reads every type that the org has.',
    certainty: 'documented',
    source:
      'any component that extends Metadata; but real orgs refuse ApexClass (jsforce#1206), and no use on policies has been published',
    switch: 'refuseReadMetadata',
  },
  unreadableType: {
    rule: 'readMetadata refuses a type that the version does not have: `This type of metadata is not available for this organization`.',
    certainty: 'several reports',
    source: 'public issue thread (jsforce#1206); that this applies to a type of a later version is inference',
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
    source: 'no record of these types has been published',
    switch: 'omitFromReadMetadata',
  },
  recordsOfSchema: {
    rule: 'readMetadata returns only elements that the WSDL has; a retrieved file may contain others.',
    certainty: 'inference',
    source: 'the WSDL defines the type of the response',
    initially: 'on',
  },
} as const satisfies Record<string, OrgRule>;
